/// Where `krun produce` reads and writes; two threads use it.
package protocol ProduceOutput: Sendable {
    /// Whether somebody watches the results, so that they are not held back.
    var isWatched: Bool { get }
    /// Whether somebody types the input.
    var isInputTyped: Bool { get }

    /// Writes lines of results; false when nobody reads them any more.
    func writeResults(_ text: [UInt8]) -> Bool

    /// Tells something that is no result.
    func say(_ line: String)

    func warn(_ line: String)

    /// Waits for input; returns how many bytes there are, 0 at its end or once `isOver` is true.
    ///
    /// - Throws: a `Diagnostic` where it cannot be read.
    func readInput(_ bytes: UnsafeMutableRawBufferPointer, isOver: () -> Bool) throws -> Int
}
