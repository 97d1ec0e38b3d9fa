/// What polling hands out.
public enum ConsumedEvent: ~Copyable {
    /// A record of a partition that this consumer owns, each offset once.
    case record(ConsumedRecord)
    /// With `enable.partition.eof`: everything before `offset` has been handed out.
    case endOfPartition(topicIndex: Int, partition: Int32, offset: Int64)
    /// Something that is no record, such as a topic that does not exist or a failed rebalance.
    case error(KafkaError)
}
