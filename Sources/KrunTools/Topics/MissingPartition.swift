import KrunDiagnostics
import KrunReports

extension Diagnostic {
    /// A partition that the command line names and the topic does not have.
    ///
    /// - Parameters:
    ///   - partitions: the numbers of those that it has.
    ///   - advice: how it goes without.
    static func missingPartition(
        _ partition: Int32, of topic: String, having partitions: [Int32], advice: [String] = []
    ) -> Diagnostic {
        let range = partitions.count > 1 ? ": \(partitions.min() ?? 0) to \(partitions.max() ?? 0)" : ", number 0"
        return Diagnostic(
            .usage, "topic \(topic) has no partition \(partition)",
            notes: ["it has \(Amounts.count(partitions.count, "partition"))\(range)"] + advice)
    }
}
