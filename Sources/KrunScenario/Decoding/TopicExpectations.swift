/// What is expected of topics, as it is gathered from several places of a file: each topic once.
struct TopicExpectations {
    private(set) var all: [TopicExpectation]
    private var indexes: [String: Int] = [:]

    /// - Parameter all: at most one of each topic.
    init(_ all: [TopicExpectation]) {
        self.all = all
        for (index, topic) in all.enumerated() { indexes[topic.topic] = index }
    }

    /// Changes the topic's, which is made where there is none yet.
    mutating func update(_ name: String, _ change: (inout TopicExpectation) -> Void) {
        if let index = indexes[name] { return change(&all[index]) }
        var topic = TopicExpectation(topic: name)
        change(&topic)
        indexes[name] = all.count
        all.append(topic)
    }
}
