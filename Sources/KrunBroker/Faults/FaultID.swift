/// Names a rule that was added, to count what it did and to remove it.
public struct FaultID: Hashable, Comparable, Sendable, CustomStringConvertible {
    let number: UInt64

    public static func < (a: FaultID, b: FaultID) -> Bool { a.number < b.number }

    public var description: String { "fault \(number)" }
}
