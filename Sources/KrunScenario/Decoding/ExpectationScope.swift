/// What an `expect` block is judged against: the step it belongs to.
struct ExpectationScope {
    enum Verb {
        case produce
        case consume
    }

    let verb: Verb
    /// Empty when they could not be read.
    let topics: [String]
    let hasGroup: Bool
    /// nil when the number could not be read.
    let members: Int?
    /// The same, to look one up.
    let topicNames: Set<String>
    /// Whether the offsets of records are known at all.
    let hasOffsets: Bool
    /// What a produce step sends; nil when that could not be read, and for a consume step.
    let messages: [MessageTemplate]?
    /// Of a produce step.
    let partitioner: Partitioner?

    init(
        verb: Verb, topics: [String], hasGroup: Bool, members: Int?, hasOffsets: Bool, messages: [MessageTemplate]?,
        partitioner: Partitioner?
    ) {
        self.verb = verb
        self.topics = topics
        self.hasGroup = hasGroup
        self.members = members
        topicNames = Set(topics)
        self.hasOffsets = hasOffsets
        self.messages = messages
        self.partitioner = partitioner
    }
}
