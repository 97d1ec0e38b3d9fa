import KrunDiagnostics
import KrunJSON
import KrunNames
import KrunOutcome

/// Reads `{ "transaction": … }`.
struct TransactionDecoder: FieldDecoder {
    let reader: ValueReader
    let file: Declarations
    let sent: SentHistory
    let producers: ProducerHistory

    func step(_ fields: Fields) -> TransactionStep? {
        let before = reporter.faults
        let producer = read(TransactionFields.producer, in: fields)
        if let producer, let node = fields[TransactionFields.producer] { check(producer, at: node) }
        let end = required(TransactionFields.end, in: fields).flatMap { _ in read(TransactionFields.end, in: fields) }
        let expect = read(TransactionFields.expect, in: fields).map { expectation($0) }
        guard reporter.faults == before, let producer, let end else { return nil }
        return TransactionStep(producer: producer, end: end, expect: expect ?? .none)
    }

    private func check(_ producer: String, at node: JSONNode) {
        let name = producer.quotedForMessage
        guard let known = producers.known[producer] else {
            let nearest = reporter.nearest(to: producer, among: producers.known.keys.sorted())
            return report(
                "no earlier step has a producer \(name)", because: .declaration, at: node.place,
                label: nearest.map { "did you mean \"\($0)\"?" } ?? "nothing is open",
                notes: nearest == nil
                    ? ["such as { \"produce\": \"orders\", \"producer\": \(name), \"transaction\": \"open\", … }"] : [])
        }
        producers.known[producer]?.isOpen = false
        if known.isOpen { return }
        report(
            "producer \(name) has no open transaction", because: .combination, at: node.place,
            label: known.transactionalId == nil
                ? "it has no transactions at all" : "its last step leaves none open")
    }

    private func expectation(_ fields: Fields) -> TransactionExpectation {
        let scope = ExpectationScope(
            verb: .produce, topics: [], hasGroup: false, members: nil, hasOffsets: false, messages: nil,
            partitioner: nil)
        let decoder = ExpectationDecoder(reader: reader, file: file, sent: sent, scope: scope)
        var expectation = TransactionExpectation()
        expectation.error = decoder.matcher(TransactionExpectationFields.error, in: fields)
        expectation.duration = decoder.matcher(TransactionExpectationFields.duration, in: fields)
        return expectation
    }
}
