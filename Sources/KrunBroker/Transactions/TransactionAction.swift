/// What the server has to do after the coordinator handled something, in this order.
package enum TransactionAction: Equatable, Sendable {
    /// Append the markers, then tell the coordinator which are written.
    case writeMarkers(TransactionMarkers)
    case event(TransactionEvent)
}
