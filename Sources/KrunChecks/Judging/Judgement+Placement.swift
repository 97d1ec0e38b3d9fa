import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunScenario

extension Judgement {
    /// Says which keys lie elsewhere than a partitioner puts them, and which one explains where they all are.
    mutating func judge(
        _ placement: PlacementOutcome, _ expect: PlacementExpectation, topic: String, isSampled: Bool
    ) {
        guard placement.elsewhere > 0 else { return }
        let partitioner = expect.partitioner
        let keys = placement.keys == 1 ? "the key" : "\(placement.elsewhere) of \(placement.keys) keys"
        let count = partitionCounts[topic] ?? 1
        let strays = placement.first.map { stray in
            let places = KeyText.list(stray.partitions.prefix(Self.noteLimit).map { "\($0)" })
            let several = stray.partitions.count == 1 ? "partition" : "partitions"
            return "key \(KeyText.quoted(stray.key)) is on \(several) \(places): "
                + PlacementExplanation.calculation(stray.key, count, partitioner, stray.expected)
        }
        let more = placement.elsewhere - placement.first.count
        fail(
            "\(topic) was not placed by \(partitioner.rawValue)",
            Mismatch(
                .init("placedBy", topic: topic), expected: .text(partitioner.rawValue),
                actual: placement.explainedBy.isEmpty ? .null : .oneOf(placement.explainedBy.map { .text($0) })),
            at: expect.node.place, isLiteral: true, label: "\(keys) lie\(placement.keys == 1 ? "s" : "") elsewhere",
            notes: strays + (more > 0 ? ["and \(more) more"] : []) + [explanation(placement, topic)]
                + (isSampled ? ["there are more than 1000000 different keys: this is of some of them"] : []))
    }

    private func explanation(_ placement: PlacementOutcome, _ topic: String) -> String {
        let all = placement.keys == 1 ? "the key where it is" : "all \(placement.keys) keys where they are"
        let names = placement.explainedBy.compactMap { Partitioner(rawValue: $0)?.shown }
        guard !names.isEmpty else {
            return
                "no partitioner puts \(all): messages that name their partition, several writers, or another count of partitions"
        }
        return "\(KeyText.list(names, "or")) puts \(all): is that what wrote them?"
    }
}
