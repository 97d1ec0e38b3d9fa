import KrunDiagnostics
import Testing

@testable import KrunTools

@Suite(.timeLimit(.minutes(1)))
struct ProduceTextTests {
    private let text = ProduceText(topic: "orders", timeout: "10 s", isByLine: true)

    private func tally(_ delivered: [Int], retries: Int = 0) -> DeliveryTally {
        var tally = DeliveryTally()
        for (partition, count) in delivered.enumerated() {
            for _ in 0..<count { tally.deliver(to: Int32(partition)) }
        }
        tally.retries = retries
        return tally
    }

    @Test func whatIsWaitedForIsSaid() {
        #expect(
            text.waiting(1)
                == "waiting for the delivery of 1 message to orders (no longer than 10 s without an answer, --timeout)")
        #expect(text.waiting(2).hasPrefix("waiting for the delivery of 2 messages to orders "))
    }

    @Test func totalsNameAFewPartitions() {
        #expect(text.totals(tally([])) == "no messages to orders")
        #expect(text.totals(tally([1])) == "1 message to orders: 1 to partition 0")
        #expect(text.totals(tally([3, 0, 2])) == "5 messages to orders: 3 to partition 0, 2 to partition 2")
        #expect(text.totals(tally([3], retries: 1)) == "3 messages to orders: 3 to partition 0; 1 retry")
        #expect(text.totals(tally([], retries: 12)) == "no messages to orders; 12 retries")
    }

    @Test func totalsCountManyPartitions() {
        #expect(text.totals(tally(Array(repeating: 2, count: 9))) == "18 messages to orders: 9 partitions, 2 each")
        #expect(
            text.totals(tally((1...24).map { 100 * $0 } + [0]))
                == "30 000 messages to orders: 24 partitions, 100 to 2 400 each")
    }

    @Test func aFailureNamesTheMessage() {
        #expect(
            text.failed(
                3, key: Array("alice".utf8), partition: 1, name: "MSG_SIZE_TOO_LARGE", reason: "Broker: too large")
                == "line 3, key alice, was not delivered to partition 1: MSG_SIZE_TOO_LARGE: Broker: too large")
        #expect(
            ProduceText(topic: "orders", timeout: "10 s", isByLine: false)
                .failed(3, key: nil, partition: -1, name: "A", reason: "b")
                == "message 3 was not delivered: A: b")
    }

    @Test func undeliveredOnesAreCountedByReason() {
        var tally = tally([2])
        #expect(text.undelivered(tally, trouble: []) == nil)
        tally.fail("MSG_SIZE_TOO_LARGE", reason: "Broker: Message size too large")
        #expect(
            text.undelivered(tally, trouble: ["never shown"])
                == Diagnostic(
                    .runtime, "1 of 3 messages to orders was not delivered",
                    notes: [
                        "1 × MSG_SIZE_TOO_LARGE: Broker: Message size too large",
                        "the broker takes batches up to the topic's max.message.bytes, after compression; -X batch.size=... can make them smaller",
                    ]))
        tally.fail("_UNKNOWN_PARTITION", reason: "Local: Unknown partition")
        tally.fail("_UNKNOWN_PARTITION", reason: "Local: Unknown partition")
        tally.unanswered = 1_000
        tally.perhapsDelivered = 7
        #expect(
            text.undelivered(
                tally, trouble: ["why nobody answered"], advice: [ProduceText.repartition])
                == Diagnostic(
                    .runtime, "1 003 of 1 005 messages to orders were not delivered",
                    notes: [
                        "2 × _UNKNOWN_PARTITION: Local: Unknown partition",
                        "1 × MSG_SIZE_TOO_LARGE: Broker: Message size too large",
                        "1 000 × no answer within 10 s (--timeout); the broker may have 7 of them nevertheless",
                        "why nobody answered",
                        "the broker takes batches up to the topic's max.message.bytes, after compression; -X batch.size=... can make them smaller",
                        "the records name partitions that the topic does not have: --repartition lets the partitioner choose, or produce to a topic with as many",
                    ]))
    }

    /// The client measures before compression, and asks no broker.
    @Test func tooLargeForTheClient() {
        var tally = tally([])
        tally.fail("MSG_SIZE_TOO_LARGE", reason: "Client: too large", isRefusedByClient: true)
        tally.fail("MSG_SIZE_TOO_LARGE", reason: "Broker: too large")
        #expect(
            text.undelivered(tally, trouble: [])?.notes == [
                "1 × MSG_SIZE_TOO_LARGE: Broker: too large",
                "1 × MSG_SIZE_TOO_LARGE: Client: too large",
                "the client takes messages up to -X message.max.bytes=... (1000000 by default), before compression",
                "the broker takes batches up to the topic's max.message.bytes, after compression; -X batch.size=... can make them smaller",
            ])
    }

    @Test func whatBecameOfTheTopic() {
        #expect(text.deleted == "topic orders does not exist any more: it was deleted meanwhile")
        #expect(
            text.shrunk(to: 1)
                == "topic orders has 1 partition by now: it was deleted and created again meanwhile")
    }

    @Test func whoTypesIsToldHow() {
        #expect(
            text.asksForLines(.lines, separator: [58])
                == "reading messages from the terminal, one a line, as key:value; Ctrl+D ends")
        #expect(
            text.asksForLines(.lines, separator: [])
                == "reading messages from the terminal, one a line, as value; Ctrl+D ends")
        #expect(
            text.asksForLines(.json, separator: [58])
                == #"reading messages from the terminal, one a line, as {"key": "alice", "value": "espresso"}; Ctrl+D ends"#
        )
    }
}
