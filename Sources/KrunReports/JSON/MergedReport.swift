public import KrunDiagnostics
import KrunJSON

/// Several JSON reports as one: those of the parts of a run that was done on several machines.
///
/// Totals are added up, and the duration is the longest. The scenarios stand as a run of all of them would have them: by the numbers that the parts of a
/// run give them. Where one has none, each report keeps its own order, and of the next ones of all reports that comes first whose file's name does.
public struct MergedReport {
    private let reports: [EarlierReport]
    private let version: String

    /// - Parameter version: of the krun that merges.
    /// - Throws: each scenario that stands in two of the reports, with both places.
    public init(_ reports: [EarlierReport], version: String) throws(Diagnostics) {
        self.reports = reports
        self.version = version
        var first: [Identity: (report: Int, node: JSONNode)] = [:]
        var problems: [Diagnostic] = []
        for (number, report) in reports.enumerated() {
            for node in report.root["scenarios"]?.elements ?? [] {
                let identity = Identity(node)
                guard let other = first[identity] else {
                    first[identity] = (number, node)
                    continue
                }
                // The same one several times in one report was repeated.
                if other.report == number { continue }
                let place = other.node.place
                problems.append(
                    Diagnostic(
                        .invalid,
                        "the scenario \(identity.text) stands in \(reports[other.report].file) and in \(report.file)",
                        at: node.place,
                        notes: [
                            "it stands first in \(place.file):\(place.line)",
                            "each scenario must have been run by one of the parts",
                        ]))
            }
        }
        if !problems.isEmpty { throw Diagnostics(problems) }
    }

    /// The whole report, indented, ended by a line end.
    public var text: String {
        var report = JSONMembers()
        report.add("krun", version)
        report.add("format", JSONReport.format)
        if let start = reports.map(\.summary.startedAt).filter({ $0 != 0 }).min() {
            report.add("startedAt", TimestampText.text(milliseconds: start))
        }
        report.add("duration", reports.map(\.summary.duration).max() ?? .zero)
        report.add("totals", totals)
        report.add("scenarios", JSONValue.array(scenarios.map { JSONValue($0) }))
        return report.value.text(pretty: true) + "\n"
    }

    /// All numbers that any of them has, in the order in which they come first.
    private var totals: JSONMembers {
        var names: [String] = []
        var sums: [String: Int64] = [:]
        for member in reports.flatMap({ $0.root["totals"]?.members ?? [] }) {
            guard let number = member.value.integer else { continue }
            if sums[member.name] == nil { names.append(member.name) }
            let (sum, overflow) = sums[member.name, default: 0].addingReportingOverflow(number)
            sums[member.name] = overflow ? .max : sum
        }
        var totals = JSONMembers()
        for name in names { totals.add(name, sums[name]) }
        return totals
    }

    private var scenarios: [JSONNode] {
        let all = reports.flatMap { $0.root["scenarios"]?.elements ?? [] }
        let numbers = all.compactMap { node in
            node["ordinal"]?.integer.map { (round: node["repetition"]?.integer ?? 0, ordinal: $0) }
        }
        guard numbers.count == all.count else { return interleaved }
        return all.indices.sorted { numbers[$0] == numbers[$1] ? $0 < $1 : numbers[$0] < numbers[$1] }.map { all[$0] }
    }

    private var interleaved: [JSONNode] {
        var rest = reports.map { ($0.root["scenarios"]?.elements ?? [])[...] }
        var merged: [JSONNode] = []
        while true {
            var next: (report: Int, file: FileOrder)?
            for (number, nodes) in rest.enumerated() {
                guard let node = nodes.first else { continue }
                let file = FileOrder(node["file"]?.string ?? "")
                if let best = next, !(file < best.file) { continue }
                next = (number, file)
            }
            guard let next else { return merged }
            merged.append(rest[next.report].removeFirst())
        }
    }

    /// What makes a scenario another than all others: its file, its name, and of a file with cases the case.
    private struct Identity: Hashable {
        let file: String
        let name: String
        let `case`: [UInt8]

        init(_ node: JSONNode) {
            file = node["file"]?.string ?? ""
            name = node["name"]?.string ?? ""
            `case` = node["case"]?.compactText ?? []
        }

        var text: String { name.isEmpty ? file : "\"\(name)\" of \(file)" }
    }

    /// The order in which a folder's files are run: by the names of folders and files, one after the other.
    private struct FileOrder: Comparable {
        let parts: [Substring]

        init(_ file: String) {
            parts = file.split(separator: "/")
        }

        static func < (one: FileOrder, other: FileOrder) -> Bool { one.parts.lexicographicallyPrecedes(other.parts) }
    }
}
