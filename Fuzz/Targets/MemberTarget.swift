import KrunKafka

/// `MemberAssignment`: what members of a group that is not ours were given, as krun reads it to show it. It must be what a plain loop
/// reads, and never more than the cluster has.
struct MemberTarget: FuzzTarget {
    let name = "members"
    let weight = 1

    private static let counts = ["t": 3, "tt": 1, "ttt": 9]

    func seeds(_ random: inout SplitMix64) -> [[UInt8]] { AssignmentTarget().seeds(&random) }

    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])] {
        AssignmentTarget().corpus(&random) + [
            ("hostile-one-byte", [0]),
            ("hostile-partition-negative", [0, 0, 0, 0, 0, 1, 0, 1, 0x74, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xF9]),
            ("hostile-partition-large", [0, 0, 0, 0, 0, 1, 0, 1, 0x74, 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF]),
            ("hostile-kelvin", [0, 0, 0, 0, 0, 1, 0, 3, 0xE2, 0x84, 0xAA, 0, 0, 0, 1, 0, 0, 0, 0]),
        ]
    }

    func change(_ input: inout [UInt8], _ random: inout SplitMix64) { AssignmentTarget().change(&input, &random) }

    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict {
        let assignment = MemberAssignment(input, partitionCounts: Self.counts)
        let found = assignment.map { "\($0.partitions.map(\.description)) \($0.unknown)" }
        let expected = AssignmentTarget().expectedPartitions(input).map { all in
            let known = Set(
                all.filter { (0..<(Self.counts[$0.topic] ?? 0)).contains($0.partition) }.map {
                    "\($0.topic)/\($0.partition)"
                })
            return "\(known.sorted()) \(all.count - known.count)"
        }
        if found != expected {
            fatalError("partitions are \(String(describing: found)) instead of \(String(describing: expected))")
        }
        return Verdict(heading: "(members)", isAccepted: found != nil)
    }
}
