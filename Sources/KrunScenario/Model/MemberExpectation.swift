public import KrunJSON

/// What must be seen of one member of a group.
public struct MemberExpectation: Sendable {
    /// `1` … `N`.
    public let name: String
    /// Exactly these, such as `orders/0`, in any order; or a matcher on how many there are.
    public var partitions: MemberPartitions?
    public var messages: Matcher?
    public let node: JSONNode

    public enum MemberPartitions: Sendable {
        case exactly([String], JSONNode)
        case count(Matcher)
    }
}
