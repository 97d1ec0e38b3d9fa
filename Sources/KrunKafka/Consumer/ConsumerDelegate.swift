/// Is asked and told when a group's partitions move; called on the consuming thread, from inside a poll or a close.
///
/// It may call the consumer's `commit`, `committed`, `memberID` and `generation`, not its polls.
public protocol ConsumerDelegate: AnyObject {
    /// Where to start in partitions about to be assigned: an offset for each, or one of `LogicalOffset`.
    func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64]

    /// Partitions have been assigned, perhaps none; with a cooperative assignor, only those that came.
    func didAssign(_ partitions: [TopicPartition], consumer: Consumer)

    /// Partitions are about to be taken, with the positions reached, to be committed now or never. When `lost`, others may
    /// own them already and a commit fails.
    func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer)

    /// The group's leader gave this member so many more partitions, which it did not subscribe to or which are not there; they are left
    /// out of what is assigned.
    func didLeaveOut(_ count: Int, consumer: Consumer)

    /// Whether questions about partitions are not to be waited for any more; looked at every 100 ms.
    var isWaitOver: Bool { get }
}

extension ConsumerDelegate {
    public func didLeaveOut(_ count: Int, consumer: Consumer) {}
    public var isWaitOver: Bool { false }
}
