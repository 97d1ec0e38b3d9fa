import KrunDiagnostics
import KrunJSON
import KrunOutcome
import Testing

@testable import KrunReports

/// What is told of offsets and topics that a step looked at or changed.
@Suite struct AdministrationReportTests {
    private func step(_ result: StepOutcome.Result) -> StepOutcome {
        StepOutcome(path: StepPath(1), title: "step", status: .passed, duration: .seconds(1), result: result)
    }

    private func sentence(_ outcome: OffsetsOutcome) -> String { StepSentence.text(step(.offsets(outcome))) }
    private func sentence(_ outcome: TopicStepOutcome) -> String { StepSentence.text(step(.topic(outcome))) }
    private func json(_ result: StepOutcome.Result) -> String {
        JSONStep.object(step(result)).value.text(pretty: false)
    }

    private var reset: OffsetsOutcome {
        var outcome = OffsetsOutcome(group: "billing", resets: true)
        var first = PartitionOffsets(committed: 3, first: 0, end: 10)
        (first.before, first.wasReset) = (10, true)
        var second = PartitionOffsets(committed: 5, first: 2, end: 5)
        (second.before, second.wasReset, second.note) = (nil, true, .beyondEnd(50))
        outcome.topics = ["orders": [0: first, 1: second]]
        outcome.duration = .milliseconds(12)
        return outcome
    }

    @Test func offsets() {
        #expect(sentence(reset) == "2 partitions reset, 2 moved, lag 7")
        var look = OffsetsOutcome(group: "billing", resets: false)
        look.topics = [
            "orders": [
                0: PartitionOffsets(committed: 3, first: 0, end: 3),
                1: PartitionOffsets(committed: nil, first: 0, end: 4),
            ]
        ]
        #expect(sentence(look) == "committed in 1 of 2 partitions, lag 4")
        look.topics["orders"]?[1]?.committed = 4
        #expect(sentence(look) == "committed in 2 partitions, lag 0")
        var refused = reset
        refused.error = "UNKNOWN_MEMBER_ID"
        #expect(sentence(refused) == "not reset: UNKNOWN_MEMBER_ID")
    }

    @Test func offsetsOfEachPartition() {
        var outcome = reset
        #expect(
            OffsetsTable(step: step(.offsets(outcome)), outcome: outcome).lines(.plain, indent: "  ").joined(
                separator: "\n") == """
                      offsets of billing in step 1
                        partition  before  committed  first  end  lag  note
                        orders/0       10          3      0   10    7
                        orders/1        –          5      2    5    0  50 is beyond the end
                    """)
        outcome.topics = ["orders": [0: PartitionOffsets(committed: nil, first: 0, end: 1_000)]]
        #expect(
            OffsetsTable(step: step(.offsets(outcome)), outcome: outcome).lines(.plain, indent: "").joined(
                separator: "\n") == """
                    offsets of billing in step 1
                      partition  committed  first    end    lag
                      orders/0           –      0  1 000  1 000
                    """)
        outcome.topics = [:]
        #expect(OffsetsTable(step: step(.offsets(outcome)), outcome: outcome).lines(.plain, indent: "") == [])
    }

    @Test func offsetsForPrograms() {
        #expect(
            json(.offsets(reset)) == """
                {"number":1,"title":"step","sentence":"2 partitions reset, 2 moved, lag 7","status":"passed",\
                "duration":"1000ms","offsets":"billing","outcome":\
                {"partitions":{"0":{"before":10,"committed":3,"first":0,"end":10,"lag":7},\
                "1":{"before":null,"committed":5,"first":2,"end":5,"lag":0,"note":"50 is beyond the end"}},\
                "committed":{"0":3,"1":5},"lag":7,"duration":"12ms"},"invariants":{},"diagnostics":[]}
                """)
        var several = reset
        several.topics["quiet"] = [:]
        several.error = "X"
        #expect(
            json(.offsets(several)).contains(
                #""quiet":{"partitions":{},"committed":{}}},"lag":7,"error":"X","duration":"12ms"}"#))
    }

    private var topic: TopicStepOutcome {
        var outcome = TopicStepOutcome(topic: "orders", change: .partitions)
        (outcome.partitions, outcome.partitionsBefore, outcome.replicas) = (6, 3, 1)
        outcome.offsets = [0: .init(first: 2, end: 10), 5: .init(first: 0, end: 0)]
        outcome.duration = .milliseconds(7)
        return outcome
    }

    @Test func topics() {
        #expect(sentence(topic) == "6 partitions, 3 before, 8 offsets held")
        var created = TopicStepOutcome(topic: "orders", change: .create)
        (created.partitions, created.replicas) = (1, 3)
        #expect(sentence(created) == "1 partition, 3 replicas")
        #expect(sentence(TopicStepOutcome(topic: "orders", change: .delete)) == "deleted")
        #expect(sentence(TopicStepOutcome(topic: "orders", change: nil)) == "there is none")
        var configured = topic
        configured.change = .config
        configured.config = ["retention.ms": "5", "cleanup.policy": "\u{1b}[31mdelete"]
        #expect(sentence(configured) == #"cleanup.policy=\u001B[31mdelete, retention.ms=5"#)
        var refused = topic
        refused.error = "INVALID_PARTITIONS"
        #expect(sentence(refused) == "refused: INVALID_PARTITIONS")
    }

    @Test func topicsForPrograms() {
        var configured = topic
        configured.config = ["retention.ms": "5"]
        #expect(
            json(.topic(configured)) == """
                {"number":1,"title":"step","sentence":"6 partitions, 3 before, 8 offsets held","status":"passed",\
                "duration":"1000ms","topic":"orders","change":"partitions",\
                "outcome":{"partitionsBefore":3,"partitions":6,"replicas":1,"config":{"retention.ms":"5"},\
                "offsets":{"0":{"first":2,"end":10},"5":{"first":0,"end":0}},"duration":"7ms"},\
                "invariants":{},"diagnostics":[]}
                """)
    }

    @Test(arguments: [
        (OffsetNote.fewer(than: 5_000), "fewer than 5 000 are there"), (.noRecordAsLate, "no record is as late"),
        (.beforeFirst(1), "1 is before the first"), (.nothingCommitted, "nothing committed to go from"),
    ])
    func notes(note: OffsetNote, text: String) {
        #expect(note.text == text)
    }

    @Test func movedKeys() {
        var outcome = ProduceOutcome(
            topic: "orders", messages: 1, failed: 0, errors: [:], partitioner: "murmur2_random",
            records: TopicRecords(),
            duration: .zero)
        outcome.movedKeys.add(.init(key: Array("alice".utf8), from: 0, to: 3))
        outcome.movedKeys.add(.init(key: [0xff], from: 1, to: 2))
        #expect(StepSentence.text(step(.produce(outcome))) == "1 message, murmur2_random, 2 keys moved")
        #expect(
            json(.produce(outcome)).contains(
                #""movedKeys":2,"moves":[{"key":"alice","from":0,"to":3},{"key":{"base64":"/w=="},"from":1,"to":2}]"#))
    }

    /// What was seen of a topic that was deleted has nothing to do with the one that is made anew.
    @Test func aTopicMadeAnew() {
        func produced(_ messages: Int) -> StepOutcome {
            step(
                .produce(
                    ProduceOutcome(
                        topic: "orders", messages: messages, failed: 0, errors: [:], partitioner: nil,
                        records: TopicRecords(
                            partitions: [0: PartitionOutcome(messages: messages, first: 0, last: Int64(messages) - 1)]),
                        duration: .zero)))
        }
        var scenario = ScenarioOutcome(file: "test.json", name: "test", status: .passed)
        scenario.steps = [produced(5), step(.topic(TopicStepOutcome(topic: "orders", change: .delete)))]
        #expect(TopicSummary.all(of: scenario).map { $0.last(0) } == [4])
        scenario.steps.append(produced(2))
        #expect(TopicSummary.all(of: scenario).map { $0.last(0) } == [1])
    }
}
