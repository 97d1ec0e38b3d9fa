package import KrunWire

/// The answer to an OffsetDelete request.
package struct OffsetDeletionAnswer: Equatable, Sendable {
    /// Of the whole request.
    package var error: ErrorCode
    /// One for each partition asked for, in order; none when the whole request failed.
    package var partitions: [ErrorCode]

    package init(error: ErrorCode, partitions: [ErrorCode] = []) {
        self.error = error
        self.partitions = partitions
    }
}
