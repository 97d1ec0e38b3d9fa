/// What a group needs to handle one thing, and what comes of it.
struct GroupStep {
    let now: Now
    let configuration: GroupConfiguration
    private(set) var actions: [GroupAction] = []

    init(now: Now, configuration: GroupConfiguration) {
        self.now = now
        self.configuration = configuration
    }

    mutating func answer(_ token: ReplyToken, _ answer: JoinAnswer) {
        actions.append(.answerJoin(token, answer))
    }

    mutating func answer(_ token: ReplyToken, _ answer: SyncAnswer) {
        actions.append(.answerSync(token, answer))
    }

    mutating func tell(_ event: GroupEvent) {
        actions.append(.event(event))
    }
}
