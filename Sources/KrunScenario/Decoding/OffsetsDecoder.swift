import KrunDiagnostics
import KrunJSON
import KrunNames

/// Reads `{ "offsets": … }`.
struct OffsetsDecoder: FieldDecoder {
    let reader: ValueReader
    let file: Declarations
    let sent: SentHistory

    func step(_ fields: Fields) -> OffsetsStep? {
        let before = reporter.faults
        let group = read(OffsetsFields.group, in: fields)
        if let group, let node = fields[OffsetsFields.group] {
            checkGroupName(group, at: node, existing: file.isExisting(group: group))
        }
        if let group, file.isExisting(group: group), fields[OffsetsFields.reset] == nil { sent.watchesService = true }
        let topics = fields.has(OffsetsFields.topics) ? topicNames(in: fields) : []
        let reset = fields[OffsetsFields.reset].flatMap {
            StartDecoder(
                reader: reader, file: file, what: OffsetsFields.reset.name, form: OffsetsFields.reset.form,
                topics: topics ?? [], others: nil, hasGroup: false
            ).points($0)
        }
        let expect = read(OffsetsFields.expect, in: fields).map { expectation($0, topics ?? []) }
        guard reporter.faults == before, let group, let topics else { return nil }
        return OffsetsStep(group: group, topics: topics, reset: reset, expect: expect ?? .none)
    }

    private func topicNames(in fields: Fields) -> [String]? {
        let before = reporter.faults
        guard let node = fields[OffsetsFields.topics], let names = read(OffsetsFields.topics, in: fields) else {
            return nil
        }
        if names.isEmpty {
            // Of what is no name something was said already.
            if reporter.faults == before {
                report("\"topic\" names no topic", at: node.place, label: "expected at least one")
            }
            return nil
        }
        var topics: [String] = []
        var seen: Set<ExactName> = []
        for (name, node) in names {
            if !seen.insert(ExactName(name)).inserted {
                report(
                    "\"topic\" names \(name.quotedForMessage) twice", because: FaultReason(of: node), at: node.place,
                    label: "the second one")
            } else {
                file.checkDeclared(name, at: node, by: reporter)
                if name.utf8.count <= KafkaName.longestSought { topics.append(name) }
            }
        }
        return topics
    }

    private func expectation(_ fields: Fields, _ topics: [String]) -> OffsetsExpectation {
        // Without topics of its own the step is about any of the file's.
        let all = topics.isEmpty ? file.topicNames : topics
        let scope = ExpectationScope(
            verb: .consume, topics: all, hasGroup: true, members: nil, hasOffsets: true, messages: nil,
            partitioner: nil)
        let decoder = ExpectationDecoder(reader: reader, file: file, sent: sent, scope: scope)
        var expectation = OffsetsExpectation()
        if let node = fields[OffsetsExpectationFields.committed] {
            var committed = TopicExpectations([])
            decoder.committed(node, into: &committed)
            expectation.topics = committed.all
        }
        expectation.lag = decoder.matcher(OffsetsExpectationFields.lag, in: fields)
        expectation.error = decoder.matcher(OffsetsExpectationFields.error, in: fields)
        return expectation
    }
}
