package import KrunKafka

/// What is on a topic, within bounds.
package struct RecordedTopic: Sendable {
    package var name: String
    package var partitions: Int
    /// In the order in which they are to be sent.
    package var messages: [RecordedMessage]
    /// Whether there were more messages than the bounds allow.
    package var isCut = false
    /// What was set on the topic itself; nil where this could not be read.
    package var configs: [TopicConfigEntry]?
    /// What the group committed, where it committed something.
    package var committed: [Int32: Int64] = [:]
    /// Where the partitions began and ended when they were read.
    package var first: [Int32: Int64] = [:]
    package var end: [Int32: Int64] = [:]

    package init(name: String, partitions: Int, messages: [RecordedMessage]) {
        self.name = name
        self.partitions = partitions
        self.messages = messages
    }

    /// Whether the offsets of the messages, which count from 0 when they are sent again, were others.
    var isRenumbered: Bool {
        var next: [Int32: Int64] = [:]
        for message in messages {
            if message.offset != next[message.partition, default: 0] { return true }
            next[message.partition] = message.offset + 1
        }
        return false
    }
}
