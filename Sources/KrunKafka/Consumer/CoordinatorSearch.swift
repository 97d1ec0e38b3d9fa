extension ClientProperties {
    /// How long a member waits for an answer to a request before it asks again, in milliseconds; librdkafka's own value is 60 s.
    private static let answer = 10_000
    /// librdkafka wants requests to have that much more time than a Fetch may wait for messages, in milliseconds.
    private static let margin = 1_000

    /// With a `socket.timeout.ms` of 10 s where the user sets none.
    ///
    /// When librdkafka 2.0 learns that the coordinator has moved while none of its connections is up, it may put the question for the new
    /// one to the connection whose address it has just dropped: nothing is sent, the member stays in its state `wait-coord`, and asks
    /// again only when this time is over. JoinGroup, SyncGroup and Heartbeat have longer times of their own and are not touched.
    public func lookingForCoordinators() -> ClientProperties {
        let wait = self["fetch.wait.max.ms"].flatMap { Int($0) } ?? 500
        guard self["socket.timeout.ms"] == nil, wait <= Self.answer - Self.margin else { return self }
        return merging(["socket.timeout.ms": String(Self.answer)])
    }
}
