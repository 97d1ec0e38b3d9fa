/// A transaction that was aborted, as the log remembers it and Fetch answers it to `read_committed` readers.
package struct AbortedTransaction: Equatable, Sendable {
    package var producerId: Int64
    /// Of its first record.
    package var firstOffset: Int64
    /// Of its marker.
    package var lastOffset: Int64
    /// The last stable offset once it had ended.
    package var lastStableOffset: Int64
}
