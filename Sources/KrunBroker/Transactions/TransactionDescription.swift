package import KrunWire

/// A transactional id as DescribeTransactions shows it.
package struct TransactionDescription: Equatable, Sendable {
    package let transactionalId: String
    package var errorCode: ErrorCode
    /// Kafka's name of the state; empty with an error.
    package var state = ""
    package var timeoutMilliseconds: Int32 = 0
    /// When the last transaction began, in milliseconds since 1970; -1 before the first one.
    package var startMilliseconds: Int64 = 0
    package var producerId: Int64 = 0
    package var producerEpoch: Int16 = 0
    /// Those whose markers are still to be written, in order of topic and number.
    package var partitions: [TransactionPartition] = []
    /// Kafka shows the partitions of `__consumer_offsets` that these groups belong to.
    package var groups: [String] = []
}
