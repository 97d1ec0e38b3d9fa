/// What a broker's configuration says of groups, by Kafka's names and with Kafka's defaults where no other is given.
package struct GroupConfiguration: Equatable, Sendable {
    /// `group.initial.rebalance.delay.ms`: how long the first rebalance of an empty group waits for more members.
    /// Kafka's is 3 s.
    package var initialRebalanceDelay: Duration = .milliseconds(20)
    /// `group.min.session.timeout.ms`. Kafka allows no less than 6 s.
    package var minSessionTimeout: Duration = .milliseconds(1)
    /// `group.max.session.timeout.ms`.
    package var maxSessionTimeout: Duration = .seconds(30 * 60)
    /// `group.max.size`: members of one group.
    package var maxSize = Int(Int32.max)
    /// How long a member that has not been told its generation yet may wait; Kafka has no setting for it.
    package var newMemberJoinTimeout: Duration = .seconds(5 * 60)
    /// `offset.metadata.max.bytes`. Kafka counts characters (UTF-16 units), whatever the name says, and so do we.
    package var offsetMetadataMaxSize = 4096
    /// `message.max.bytes`: Kafka keeps what the members of a generation said and were assigned as one record, which can be no larger.
    package var maximumRecordBytes = 1_048_588
    /// How many bytes all groups together may take; Kafka keeps them on disk and in a memory that it does not bound.
    package var memoryLimit = 512 << 20
    /// `offsets.retention.minutes`.
    package var offsetsRetention: Duration = .seconds(7 * 24 * 60 * 60)
    /// `offsets.retention.check.interval.ms`.
    package var offsetsRetentionCheckInterval: Duration = .seconds(10 * 60)

    package init() {}
}
