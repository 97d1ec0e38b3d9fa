/// What a fault does to the requests that its rule matches.
public enum FaultEffect: Hashable, Sendable {
    /// How a client loses an answer.
    public enum Loss: Hashable, Sendable {
        /// The connection is closed instead.
        case disconnect
        /// Nothing comes, ever.
        case silence
    }

    /// The request is not performed and answered with the error: for the whole request, or, if the rule names a topic, for what is
    /// of that topic; the rest is performed.
    case fail(with: KafkaErrorName)
    /// The request is performed, its answer comes later.
    case delay(by: Duration)
    /// The request is neither performed nor answered, and its connection stalls: nothing that comes after it is served either.
    case silence
    /// The connection is closed; the request is not performed.
    case disconnect
    /// The request is performed and its answer lost: the cause of duplicates.
    case loseAcknowledgement(Loss)
    /// The heartbeat does not reach the group coordinator, which sees the member's session run out; the member believes that it did.
    case loseHeartbeat
}
