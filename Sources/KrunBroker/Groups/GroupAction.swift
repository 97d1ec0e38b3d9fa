/// What the server is to do after a step of the group coordinator, in this order.
package enum GroupAction: Equatable, Sendable {
    case answerJoin(ReplyToken, JoinAnswer)
    case answerSync(ReplyToken, SyncAnswer)
    /// Nothing to do: what happened, for observers and transcripts.
    case event(GroupEvent)
}
