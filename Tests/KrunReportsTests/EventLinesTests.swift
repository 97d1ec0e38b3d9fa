import KrunOutcome
import Testing

@testable import KrunReports

/// Events as lines, each field where Kafka's verifiable clients have it.
@Suite struct EventLinesTests {
    private static let member = RunEvent.Member(group: "billing", name: "1")
    private static let record = RecordOutcome(
        topic: "orders", partition: 2, offset: 7, timestamp: 1_717_243_200_000, key: Array("alice".utf8),
        value: [0xFF, 0x00], headers: [.init(key: "source", value: Array("till".utf8)), .init(key: "none", value: nil)])

    private static let samples: [(RunEvent.Kind, String)] = [
        (.topic("orders", partitions: 3), #""name":"topic_ready",~"topic":"orders","partitions":3"#),
        (.topic("orders", partitions: 0), #""name":"topic_deleted",~"topic":"orders","partitions":0"#),
        (
            .stepStarted(title: "produce orders", note: "why"),
            #""name":"step_started",~"title":"produce orders","note":"why""#
        ),
        (.stepEnded, #""name":"step_ended",~"#),
        (
            .sent(record, producer: "p"),
            #""name":"producer_send_success",~"producer":"p","topic":"orders","partition":2,"offset":7,"key":"alice","value":{"base64":"/wA="},"headers":[{"key":"source","value":"till"},{"key":"none","value":null}]"#
        ),
        (
            .notSent(
                RecordOutcome(
                    topic: "orders", partition: 0, offset: -1, timestamp: nil, key: nil, value: nil, headers: []),
                error: "MSG_SIZE_TOO_LARGE"),
            #""name":"producer_send_error",~"topic":"orders","partition":0,"key":null,"value":null,"exception":"MSG_SIZE_TOO_LARGE""#
        ),
        (
            .read(
                RecordOutcome(
                    topic: "orders", partition: 0, offset: 3, timestamp: nil, key: nil, value: Array("x".utf8),
                    headers: []), by: member),
            #""name":"record_data",~"group":"billing","member":"1","topic":"orders","partition":0,"offset":3,"key":null,"value":"x""#
        ),
        (
            .assigned(member, [.init("orders", 0), .init("orders", 1)]),
            #""name":"partitions_assigned",~"group":"billing","member":"1","partitions":[{"topic":"orders","partition":0},{"topic":"orders","partition":1}]"#
        ),
        (
            .revoked(member, [.init("orders", 0)], isLost: true),
            #""name":"partitions_revoked",~"group":"billing","member":"1","partitions":[{"topic":"orders","partition":0}],"lost":true"#
        ),
        (
            .ended(member, hasCrashed: true),
            #""name":"shutdown_complete",~"group":"billing","member":"1","crashed":true"#
        ),
        (
            .ended(member, hasCrashed: false, isAway: true),
            #""name":"shutdown_complete",~"group":"billing","member":"1","away":true"#
        ),
        (
            .committed(.init(group: "billing", name: nil), [.init("orders", 1): 4, .init("orders", 0): 9]),
            #""name":"offsets_committed",~"group":"billing","success":true,"offsets":[{"topic":"orders","partition":0,"offset":9},{"topic":"orders","partition":1,"offset":4}]"#
        ),
        (
            .transactionEnded(producer: "p", isCommit: false),
            #""name":"transaction_ended",~"producer":"p","committed":false"#
        ),
        (
            .transactionEnded(producer: nil, isCommit: true),
            #""name":"transaction_ended",~"committed":true"#
        ),
        (
            .fault(
                .init(
                    kind: "broker-down", sentence: "broker 2 down, for 1s", lasting: .seconds(1), broker: 2, heals: nil)
            ),
            #""name":"fault",~"fault":"broker-down","sentence":"broker 2 down, for 1s","for":"1000ms","broker":2"#
        ),
    ]

    @Test func eachKindHasItsLine() {
        let lines = EventLines(file: "a.json", scenario: "a", startedAt: 1_717_243_200_123)
        for (kind, expected) in Self.samples {
            let event = RunEvent(time: .milliseconds(1_500), step: StepPath(2), kind: kind)
            let parts = expected.split(separator: "~", omittingEmptySubsequences: false)
            let members = parts[1].isEmpty ? "" : ",\(parts[1])"
            #expect(
                lines.line(event)
                    == "{\"timestamp\":1717243201623,\(parts[0])\"file\":\"a.json\",\"scenario\":\"a\",\"step\":\"2\"\(members)}\n"
            )
        }
    }

    @Test func theScenarioItselfBeginsAndEnds() {
        let lines = EventLines(file: "a.json", scenario: "a", startedAt: 1_717_243_200_123)
        #expect(
            lines.started()
                == #"{"timestamp":1717243200123,"name":"scenario_started","file":"a.json","scenario":"a"}"# + "\n")
        #expect(
            lines.ended(Fixtures.failed)
                == #"{"timestamp":1717243200535,"name":"scenario_ended","file":"a.json","scenario":"a","status":"failed","duration":"412ms","seed":"42","problems":["key \"alice\" is on another partition than expected"]}"#
                + "\n")
    }
}
