import KrunDiagnostics
import KrunJSON

/// Reads `"messages": { "file": "orders.jsonl" }`: records that are sent as they stand in the file, which is data.
struct RecordFileDecoder: FieldDecoder {
    /// How many lines with something wrong are told of one file.
    private static let maximumFaults = 50

    let reader: ValueReader
    let topic: String
    /// How many the topic has; nil where that is not known.
    let partitions: Int?

    /// A message for each line; nil, reported, where something is wrong.
    func messages(_ node: JSONNode) -> [MessageTemplate]? {
        guard let fields = fields(of: node, RecordFileFields.shape),
            let name = required(RecordFileFields.file, in: fields),
            let file = reader.file(name, RecordFileFields.file.name)
        else { return nil }
        // Once is enough.
        if reporter.work.records < 0 { return nil }
        var messages: [MessageTemplate] = []
        var records = RecordLineReader()
        var faults = 0
        var number = 0
        file.bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty, faults < Self.maximumFaults {
                let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
                var line = rest[..<end]
                rest = rest[min(end + 1, rest.endIndex)...]
                number += 1
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                if line.isEmpty { continue }
                guard takesRecord(name, file.name) else { return }
                do throws(Diagnostics) {
                    let line = UnsafeRawBufferPointer(rebasing: line)
                    try records.read(line, number: number, of: file.name)
                    if let problem = problem(with: records.record, line, number, file.name) { throw problem }
                    messages.append(message(records.record, node, line: number))
                } catch {
                    faults += 1
                    for diagnostic in error.all { reporter.report(diagnostic, because: .file) }
                }
            }
        }
        return faults == 0 && reporter.work.records >= 0 ? messages : nil
    }

    /// Whether the scenario may have one more record; says it once when it may not.
    private func takesRecord(_ node: JSONNode, _ file: String) -> Bool {
        reporter.work.records -= 1
        if reporter.work.records == -1 {
            report(
                "the files of this scenario have more than \(WorkBudget.maximumRecords) records", because: .budget,
                at: node.place, label: "with those of \(file); no more are read",
                notes: ["`krun produce --input json` sends any number"])
        }
        return reporter.work.records >= 0
    }

    /// What is wrong with a record for this topic, with its place in the file.
    private func problem(
        with record: InputRecord, _ line: UnsafeRawBufferPointer, _ number: Int, _ file: String
    ) -> Diagnostics? {
        let partition = record.partition.map { Int64($0) }
        let isBeyond = partition.map { $0 >= Int64(partitions ?? .max) } ?? false
        let hasTime = record.timestamp.map { Timestamp.range.contains($0) } ?? true
        guard isBeyond || !hasTime,
            let document = try? JSONDocument.parse(Array(line), file: file, line: number).root
        else { return nil }
        var problems: [Diagnostic] = []
        if isBeyond, let partition, let place = document["partition"]?.place {
            problems.append(.noSuchPartition(partition, of: topic, partitions: partitions, at: place))
        }
        if !hasTime {
            problems.append(
                Diagnostic(
                    .invalid, "\"timestamp\" is out of range", at: document["timestamp"]?.place,
                    label: "expected 1 or more, found \(record.timestamp ?? 0)"))
        }
        return Diagnostics(problems)
    }

    private func message(_ record: InputRecord, _ node: JSONNode, line: Int) -> MessageTemplate {
        func payload(_ range: Range<Int>?) -> PayloadTemplate {
            range.map { .constant(Array(record.bytes[$0])) } ?? .null
        }
        return MessageTemplate(
            key: payload(record.key), value: payload(record.value),
            headers: record.headerRanges.map { header in
                MessageTemplate.Header(
                    key: String(decoding: record.bytes[header.key], as: UTF8.self), value: payload(header.value))
            },
            partition: record.partition.map { .constant(Int64($0)) },
            timestamp: record.timestamp.map { .constant($0) }, count: 1, node: node, line: line)
    }
}
