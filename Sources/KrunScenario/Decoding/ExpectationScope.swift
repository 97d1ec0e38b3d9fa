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
    /// Whether the offsets of records are known at all.
    let hasOffsets: Bool
    /// The messages of each step that may have sent what this one sees; nil when they are not all known.
    let messages: [[MessageTemplate]]?
    /// The topics of those steps; nil when all are of this step's topic.
    var producedTopics: [String]?

    /// The messages that were sent to a topic; nil when they are not all known.
    func messages(to topic: String) -> [MessageTemplate]? {
        guard let messages else { return nil }
        guard let producedTopics else { return messages.flatMap { $0 } }
        return zip(producedTopics, messages).flatMap { $0 == topic ? $1 : [] }
    }
}
