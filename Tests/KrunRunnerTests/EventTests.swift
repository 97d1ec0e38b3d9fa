import KrunOutcome
import KrunSecrets
import Synchronization
import Testing

@testable import KrunRunner

/// What is told while a scenario runs is what happens, in its order.
@Suite(.timeLimit(.minutes(2))) struct EventTests {
    private func events(_ text: String) async throws -> (outcome: ScenarioOutcome, events: [RunEvent]) {
        let heard = Mutex<[RunEvent]>([])
        var options = RunOptions.embedded
        options.onEvent = { event in heard.withLock { $0.append(event) } }
        let outcome = try await run(text, options)
        return (outcome, heard.withLock { $0 })
    }

    private static func text(_ event: RunEvent) -> String {
        func name(_ member: RunEvent.Member) -> String { "\(member.group ?? "-").\(member.name ?? "-")" }
        func places(_ partitions: [RunEvent.Partition]) -> String {
            partitions.map { "\($0.topic)/\($0.number)" }.joined(separator: " ")
        }
        func text(_ record: RecordOutcome) -> String {
            "\(record.topic)/\(record.partition)@\(record.offset) "
                + String(decoding: record.key ?? Array("null".utf8), as: UTF8.self) + "="
                + String(decoding: record.value ?? Array("null".utf8), as: UTF8.self)
        }
        let step = event.step.map { "\($0) " } ?? ""
        return step
            + {
                switch event.kind {
                case .topic(let name, let partitions): "topic \(name) \(partitions)"
                case .stepStarted(let title, let note): "begins: \(title)\(note.map { " (\($0))" } ?? "")"
                case .stepEnded: "ends"
                case .sent(let record, let producer): "sent \(text(record))\(producer.map { " by \($0)" } ?? "")"
                case .notSent(let record, let error): "not sent \(text(record)): \(error)"
                case .read(let record, let member): "read \(text(record)) by \(name(member))"
                case .assigned(let member, let partitions): "\(name(member)) has \(places(partitions))"
                case .revoked(let member, let partitions, let isLost):
                    "\(name(member)) gives up \(places(partitions))\(isLost ? ", lost" : "")"
                case .ended(let member, let hasCrashed, let isAway):
                    "\(name(member)) \(hasCrashed ? "crashes" : isAway ? "stays away" : "leaves")"
                case .committed(let member, let offsets):
                    "\(name(member)) commits "
                        + offsets.sorted { $0.key < $1.key }
                        .map { "\($0.key.topic)/\($0.key.number)@\($0.value)" }.joined(separator: " ")
                case .transactionEnded(let producer, let isCommit):
                    "\(producer ?? "nobody") \(isCommit ? "commits" : "aborts")"
                case .fault(let fault): "fault \(fault.kind): \(fault.sentence)"
                }
            }()
    }

    @Test func aGroupsStory() async throws {
        let (outcome, events) = try await events(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 2 }], "groups": [{ "name": "billing" }],
              "steps": [
                { "note": "two of them", "produce": "orders",
                  "messages": [{ "key": "a", "value": "1", "partition": 0 }, { "value": null, "partition": 1 }] },
                { "consume": "orders", "group": "billing" },
                { "topic": "orders", "partitions": 3 },
                { "offsets": "billing", "topic": "orders", "reset": { "0": 0 } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        let told = events.map(Self.text)
        // Of two partitions either may be read first, and their acknowledgements come in either order.
        #expect(
            told.filter { !$0.contains("sent ") && !$0.contains("read ") } == [
                "topic orders 2", "1 begins: produce orders (two of them)", "1 ends",
                "2 begins: consume orders as billing", "2 billing.1 has orders/0 orders/1",
                "2 billing.1 commits orders/0@1 orders/1@1", "2 billing.1 gives up orders/0 orders/1",
                "2 billing.1 leaves", "2 ends",
                "3 begins: topic orders: 3 partitions", "topic orders 3", "3 ends",
                "4 begins: reset offsets of billing", "4 billing.- commits orders/0@0", "4 ends",
            ])
        #expect(
            Set(told.filter { $0.contains("sent ") || $0.contains("read ") }) == [
                "1 sent orders/0@0 a=1", "1 sent orders/1@0 null=null", "2 read orders/0@0 a=1 by billing.1",
                "2 read orders/1@0 null=null by billing.1",
            ])
        #expect(events.map(\.time) == events.map(\.time).sorted())
    }

    @Test func crashesTransactionsAndFaults() async throws {
        let (outcome, events) = try await events(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 1 }], "groups": [{ "name": "billing" }],
              "steps": [
                { "fault": "fail", "request": "Produce", "error": "MESSAGE_TOO_LARGE", "times": 1 },
                { "produce": "orders", "messages": [{ "value": "no" }], "expect": { "failed": 1 } },
                { "produce": "orders", "messages": [{ "value": "x" }], "producer": "p", "transactionalId": "t",
                  "transaction": "open" },
                { "transaction": "p", "end": "abort" },
                { "group": "billing", "subscribe": "orders", "members": ["one"] },
                { "group": "billing", "crash": "one" }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(
            events.map(Self.text).filter { !$0.contains("begins") && !$0.contains("ends") } == [
                "topic orders 1",
                "1 fault fail: Produce fails: MESSAGE_TOO_LARGE, once",
                "2 not sent orders/0@-1 null=no: MSG_SIZE_TOO_LARGE", "3 sent orders/0@0 null=x by p",
                "4 p aborts", "billing.one has orders/0", "billing.one crashes",
            ])
    }

    @Test func aStaticMemberStaysAwayAndATransactionMayHaveNoName() async throws {
        let (outcome, events) = try await events(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 1 }], "groups": [{ "name": "billing" }],
              "steps": [
                { "produce": "orders", "messages": [{ "value": "x" }], "transaction": "commit" },
                { "group": "billing", "subscribe": "orders", "static": true, "members": ["one"] },
                { "group": "billing", "members": [] }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(
            events.map(Self.text) == [
                "topic orders 1", "1 begins: produce orders", "1 sent orders/0@0 null=x", "1 nobody commits", "1 ends",
                "2 begins: group billing of 1", "billing.one has orders/0", "2 ends",
                "3 begins: group billing of 0", "billing.one gives up orders/0", "billing.one stays away", "3 ends",
            ])
    }

    @Test func nobodyReadsASecretInThem() async throws {
        let heard = Mutex<[RunEvent]>([])
        var options = RunOptions.embedded
        options.onEvent = { event in heard.withLock { $0.append(event) } }
        let event = RunEvent(
            time: .zero, step: nil,
            kind: .sent(
                RecordOutcome(
                    topic: "hunter2-topic", partition: 0, offset: 0, timestamp: nil, key: Array("hunter2".utf8),
                    value: Array("is hunter2".utf8), headers: []), producer: "hunter2"))
        options.masked(by: .init(["hunter2"])).onEvent?(event)
        #expect(heard.withLock { $0.map(Self.text) } == ["sent ***-topic/0@0 ***=is *** by ***"])
    }
}
