package import KrunScenario

/// What `krun record` is asked for.
package struct RecordRequest: Sendable {
    /// Each once, in this order; not empty.
    package var topics: [String]
    /// Whose committed offsets the scenario shows; nil: nobody's.
    package var group: String?
    package var from: StartPoint = .earliest
    /// Of each topic.
    package var limit = 1000
    /// Keys, values and headers of each topic.
    package var byteLimit = 1 << 20
    /// Nil: the one that explains where the keys are.
    package var partitioner: Partitioner?
    /// Whether messages keep the time that they say they were made.
    package var keepsTimestamps = false

    package init(topics: [String], group: String? = nil) {
        self.topics = topics
        self.group = group
    }
}
