import KrunDiagnostics
import KrunJSON

/// Reads `cases`: a list of objects, or a file of them.
struct CasesDecoder: FieldDecoder {
    /// How many cases a file may have.
    static let maximumCases = 1_000

    let reader: ValueReader

    /// Those that could be read; what is wrong with others is reported.
    func cases(_ node: JSONNode) -> [ScenarioCase] {
        var cases: [ScenarioCase] = []
        switch node.kind {
        case .array:
            for element in node.elements {
                guard takes(cases.count + 1, node) else { break }
                if let variables = variables(element, because: .structure) {
                    cases.append(
                        ScenarioCase(
                            number: cases.count + 1, variables: variables, place: element.place.firstScalar))
                }
            }
            if node.count == 0 {
                report("\"cases\" is empty", at: node.place, label: "the scenario would never run")
            }
        case .object: cases = self.file(node)
        default:
            report(
                "wrong type for \"cases\"", at: node.place,
                label: "expected a list of objects or a file, found \(node.described)")
        }
        ScenarioCase.tellApart(&cases)
        return cases
    }

    /// Whether there may be so many; says it once where there may not.
    private func takes(_ count: Int, _ node: JSONNode) -> Bool {
        guard count == Self.maximumCases + 1 else { return count <= Self.maximumCases }
        report(
            "there are more than \(Self.maximumCases) cases", because: .budget, at: node.place.firstScalar,
            label: "no more are read", notes: ["split them into several files"])
        return false
    }

    private func variables(_ node: JSONNode, because reason: FaultReason) -> [Variable]? {
        guard node.kind == .object else {
            report(
                "a case is an object", because: reason, at: node.place.firstScalar, label: "found \(node.described)",
                notes: ["such as { \"partitions\": 6 }: variables of the scenario"])
            return nil
        }
        let faults = reporter.faults
        let variables = node.members.map { member in
            checkName(member.name, at: member.place, because: reason)
            let place = member.value.place
            return Variable(member.name, member.value, source: "\(place.file):\(place.line):\(place.column)")
        }
        return reporter.faults == faults ? variables : nil
    }

    private func checkName(_ name: String, at place: @autoclosure () -> Place, because reason: FaultReason) {
        guard let fault = VariableDecoder.fault(ofVariable: name) else { return }
        report(
            "\(name.quotedForMessage) is no name for a variable", because: reason, at: place(), label: fault)
    }

    // MARK: - Files

    private func file(_ node: JSONNode) -> [ScenarioCase] {
        guard let fields = fields(of: node, CaseFileFields.shape),
            let name = required(CaseFileFields.file, in: fields),
            let file = reader.file(name, CaseFileFields.file.name, templates: false)
        else { return [] }
        guard file.bytes.count <= JSONDocument.sizeLimit else {
            for diagnostic in JSONDocument.tooLarge(size: file.bytes.count, file: file.name).all {
                reporter.report(diagnostic, because: .file)
            }
            return []
        }
        let faults = reporter.faults
        let cases: [ScenarioCase]
        switch name.string?.lowercased() {
        case .some(let path) where path.hasSuffix(".csv"): cases = table(file.bytes, file.name, node)
        case .some(let path) where path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson"):
            cases = lines(file.bytes, file.name, node)
        default:
            report(
                "a file of cases is neither .jsonl nor .csv", because: .file, at: name.place,
                label: "its name does not say what is in it",
                notes: ["a .jsonl has an object a line, a .csv the names of variables in its first line"])
            return []
        }
        if cases.isEmpty, reporter.faults == faults {
            report("the file has no cases", because: .file, at: name.place, label: "the scenario would never run")
        }
        return cases
    }

    /// JSON, an object a line.
    private func lines(_ bytes: [UInt8], _ file: String, _ node: JSONNode) -> [ScenarioCase] {
        var cases: [ScenarioCase] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if text.isEmpty { continue }
            guard !reporter.isFull, takes(cases.count + 1, node) else { break }
            do throws(Diagnostics) {
                let document = try JSONDocument.parse(
                    Array(text), file: file, line: number, valueLimit: Scenario.maximumValues)
                guard let variables = variables(document.root, because: .file) else { continue }
                cases.append(
                    ScenarioCase(
                        number: cases.count + 1, variables: variables, place: document.root.place.firstScalar))
            } catch {
                for diagnostic in error.all { reporter.report(diagnostic, because: .file) }
            }
        }
        return cases
    }

    /// CSV: names in the first line, a case in each other one, values typed as those of `--variable` are.
    private func table(_ bytes: [UInt8], _ file: String, _ node: JSONNode) -> [ScenarioCase] {
        var rows = CSVRows(bytes, file: file)
        do throws(Diagnostic) {
            guard let header = try rows.next() else { return [] }
            let faults = reporter.faults
            var seen: Set<String> = []
            for field in header {
                checkName(field.text, at: rows.place(field.range), because: .file)
                if !seen.insert(field.text).inserted {
                    report(
                        "the column \(field.text.quotedForMessage) stands twice", because: .file,
                        at: rows.place(field.range), label: "the second one")
                }
            }
            guard reporter.faults == faults else { return [] }
            var cases: [ScenarioCase] = []
            while let row = try rows.next() {
                guard !reporter.isFull, takes(cases.count + 1, node) else { break }
                guard row.count == header.count else {
                    report(
                        "a row has not as many fields as the first one", because: .file,
                        at: rows.place(row[0].range).firstScalar,
                        label: "it has \(row.count), and there are \(header.count) names")
                    continue
                }
                let variables = zip(header, row).map { name, field in
                    let place = rows.place(field.range)
                    let source = "\(place.file):\(place.line):\(place.column)"
                    return Variable.given(name.text, as: field.text, source: source)
                }
                cases.append(
                    ScenarioCase(
                        number: cases.count + 1, variables: variables.compactMap { $0 },
                        place: rows.place(row[0].range).firstScalar))
            }
            return cases
        } catch {
            reporter.report(error, because: .file)
            return []
        }
    }
}
