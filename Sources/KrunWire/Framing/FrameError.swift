/// Why the bytes of a connection cannot be cut into frames any more; it has to be closed.
package enum FrameError: Error, Equatable, Sendable {
    case negativeLength(Int)
    case tooLong(Int, most: Int)
}

extension FrameError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .negativeLength(let length): "a frame of length \(length)"
        case .tooLong(let length, let most): "a frame of \(length) bytes, of at most \(most)"
        }
    }
}
