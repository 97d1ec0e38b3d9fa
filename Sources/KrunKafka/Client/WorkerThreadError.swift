#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The system gave no thread: too many of them, or no memory for its stack.
public struct WorkerThreadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name the thread was to have.
    public let thread: String
    /// The system's error number, most often `EAGAIN`.
    public let code: Int32

    /// The system's text for the code.
    public var reason: String { String(cString: strerror(code)) }

    public var description: String { "starting thread \(thread): \(reason)" }
}
