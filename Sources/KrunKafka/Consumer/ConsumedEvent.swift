/// What polling hands out.
public enum ConsumedEvent: ~Copyable {
    /// A record of a partition that this consumer owns, each offset once.
    case record(ConsumedRecord)
    /// With `enable.partition.eof`: everything before `offset` has been handed out.
    case endOfPartition(topicIndex: Int, partition: Int32, offset: Int64)
    /// Something that is no record, such as a topic that does not exist or a failed rebalance.
    case error(KafkaError)

    /// The record, if it is one; valid as long as the event is.
    public var record: ConsumedRecord? {
        switch self {
        case .record(let record): record
        case .endOfPartition: nil
        case .error: nil
        }
    }

    /// The error, if it is one.
    public var error: KafkaError? {
        switch self {
        case .error(let error): error
        case .endOfPartition: nil
        case .record: nil
        }
    }
}
