/// Where a group of the classic protocol stands; the raw values are what Kafka prints.
package enum GroupState: String, Sendable, CaseIterable {
    case empty = "Empty"
    case preparingRebalance = "PreparingRebalance"
    case completingRebalance = "CompletingRebalance"
    case stable = "Stable"
    /// A group that does not exist: only said in answers.
    case dead = "Dead"
}
