import KrunDiagnostics
import KrunOutcome

/// What of a topic the failures of a scenario are about: of a long table it must not be left out.
struct FailureSubjects {
    /// Those that an expectation was about.
    private(set) var partitions: Set<Int32> = []
    /// Those that explanations name: `orders/37: lag 4`.
    private(set) var explainedPartitions: Set<Int32> = []
    private(set) var keys: Set<[UInt8]> = []

    init() {}

    init(of topic: String, in scenario: ScenarioOutcome) {
        for diagnostic in scenario.allSteps.flatMap(\.diagnostics) + scenario.diagnostics
        where diagnostic.kind == .failure {
            if let subject = diagnostic.mismatch?.subject, subject.topic == topic {
                if let partition = subject.partition { partitions.insert(partition) }
                if case .bytes(let key) = subject.key { keys.insert(key) }
            }
            for text in [diagnostic.title] + diagnostic.notes {
                explainedPartitions.formUnion(Self.partitions(of: topic, in: text))
                keys.formUnion(Self.quoted(in: text))
            }
        }
    }

    /// The numbers behind the topic's name and a slash.
    private static func partitions(of topic: String, in text: String) -> [Int32] {
        guard !topic.isEmpty else { return [] }
        return text.ranges(of: topic + "/").compactMap { range in
            let isWhole = range.lowerBound == text.startIndex || text[text.index(before: range.lowerBound)] == " "
            return isWhole ? Int32(text[range.upperBound...].prefix { $0.isASCII && $0.isNumber }) : nil
        }
    }

    /// What stands in quotation marks, as keys do.
    private static func quoted(in text: String) -> [[UInt8]] {
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.indices.filter { $0 % 2 == 1 && $0 < parts.count - 1 }.map { Array(parts[$0].utf8) }
    }
}
