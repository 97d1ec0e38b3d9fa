import KrunBroker
import KrunConnection
import KrunDiagnostics
import KrunKafka
import Synchronization
import Testing

@testable import KrunTools

@Suite(.timeLimit(.minutes(2)))
struct ProduceSessionTests {
    private func lines(_ count: Int) -> String {
        (0..<count).map { "key-\($0 % 10):value-\($0)\n" }.joined()
    }

    @Test func whatABrokerDoesNotTakeIsSentAgain() async throws {
        let fixture = try ProduceFixture()
        try fixture.cluster.inject(.fail(.produce, with: "NOT_ENOUGH_REPLICAS", times: 2))
        var request = ProduceSession.Request(topic: "orders", input: .arguments(["a:1", "b:2"], .lines))
        request.isQuiet = true
        let console = ProduceConsole()
        let outcome = try await fixture.produce(request, console, properties: ["linger.ms": "50"])
        let line =
            "warning: partition 0 did not take 2 messages, sending again: "
            + "NOT_ENOUGH_REPLICAS: Broker: Not enough in-sync replicas"
        #expect(console.notices == [line, line])
        #expect(outcome.totals == "2 messages to orders: 2 to partition 0; 4 retries")
        #expect(outcome.problems == [])
        #expect(console.results == "")
    }

    @Test func manyRetriesAreCounted() async throws {
        let fixture = try ProduceFixture()
        try fixture.cluster.inject(.fail(.produce, with: "NOT_ENOUGH_REPLICAS", times: 12))
        let request = ProduceSession.Request(topic: "orders", input: .arguments(["a:1"], .lines))
        let console = ProduceConsole()
        let outcome = try await fixture.produce(request, console, properties: ["retry.backoff.ms": "1"])
        #expect(console.notices.count == 11)
        #expect(console.notices.last == "warning: further retries are counted, not shown")
        #expect(outcome.totals == "1 message to orders: 1 to partition 0; 12 retries")
    }

    @Test func aLostConnectionIsARetry() async throws {
        let fixture = try ProduceFixture()
        try fixture.cluster.inject(.disconnect(.produce, times: 1))
        let console = ProduceConsole()
        let outcome = try await fixture.produce(
            ProduceSession.Request(topic: "orders", input: .arguments(["a"], .lines)), console)
        #expect(
            console.notices == [
                "warning: partition 0 did not take 1 message, sending again: _TRANSPORT: Local: Broker transport failure"
            ])
        #expect(outcome.totals == "1 message to orders: 1 to partition 0; 1 retry")
    }

    @Test func failuresAreToldWithTheirReasons() async throws {
        let fixture = try ProduceFixture()
        try fixture.cluster.inject(.fail(.produce, with: "MESSAGE_TOO_LARGE", times: 1))
        var request = ProduceSession.Request(topic: "orders", input: .arguments(["a:1"], .lines))
        request.output = .json
        let console = ProduceConsole()
        let outcome = try await fixture.produce(request, console)
        #expect(
            console.notices == [
                "warning: message 1, key a, was not delivered to partition 0: "
                    + "MSG_SIZE_TOO_LARGE: Broker: Message size too large"
            ])
        #expect(
            console.results
                == #"{"topic":"orders","partition":0,"key":"a","value":"1","#
                + #""error":"MSG_SIZE_TOO_LARGE","reason":"Broker: Message size too large"}"# + "\n")
        #expect(
            outcome.problems == [
                Diagnostic(
                    .runtime, "1 of 1 message to orders was not delivered",
                    notes: [
                        "1 × MSG_SIZE_TOO_LARGE: Broker: Message size too large",
                        "the broker takes batches up to the topic's max.message.bytes, after compression; -X batch.size=... can make them smaller",
                    ])
            ])
    }

    @Test func manyFailuresAreCounted() async throws {
        let fixture = try ProduceFixture()
        let text = (0..<5_000).map { #"{"key":"k","value":"\#($0)","partition":\#($0 % 2)}"# + "\n" }.joined()
        var request = ProduceSession.Request(topic: "orders", input: .standardInput(.json))
        request.output = .json
        let console = ProduceConsole(input: text)
        let outcome = try await fixture.produce(request, console)
        #expect(console.notices.count == 11)
        #expect(
            console.notices.first
                == "warning: line 2, key k, was not delivered to partition 1: _UNKNOWN_PARTITION: Local: Unknown partition"
        )
        #expect(console.notices.last == "warning: further failures are counted, not shown")
        let results = console.results.split(separator: "\n")
        #expect(results.count == 5_000)
        #expect(results.count { $0.contains(#""error":"_UNKNOWN_PARTITION""#) } == 2_500)
        #expect(outcome.totals == "2 500 messages to orders: 2 500 to partition 0")
        #expect(
            outcome.problems == [
                Diagnostic(
                    .runtime, "2 500 of 5 000 messages to orders were not delivered",
                    notes: [
                        "2 500 × _UNKNOWN_PARTITION: Local: Unknown partition",
                        "the records name partitions that the topic does not have: --repartition lets the partitioner choose, or produce to a topic with as many",
                    ])
            ])
    }

    /// Lines name no partition, and so --repartition is no way out.
    @Test func aTopicThatIsDeletedMeanwhile() async throws {
        let fixture = try ProduceFixture(configs: ["auto.create.topics.enable": "false"])
        let admin = try AdminClient(
            properties: ["bootstrap.servers": fixture.cluster.bootstrapServers], log: ClientLog())
        let isDeleted = Flag()
        var request = ProduceSession.Request(topic: "orders", input: .arguments(["a:1"], .lines))
        request.count = 100
        request.rate = 50
        let console = ProduceConsole { _ in
            if isDeleted.isRaised { return }
            isDeleted.raise()
            _ = try? admin.deleteTopics(["orders"], timeout: .seconds(10))
        }
        let outcome = try await fixture.produce(
            request, console, properties: ["topic.metadata.propagation.max.ms": "100", "retry.backoff.ms": "10"])
        #expect(outcome.problems.count == 1)
        #expect(
            outcome.problems.first?.notes.last == "topic orders does not exist any more: it was deleted meanwhile")
        #expect(outcome.problems.first?.notes.contains(ProduceText.repartition) == false)
    }

    @Test func aTopicThatIsMadeAgainWithFewerPartitions() async throws {
        let fixture = try ProduceFixture(partitions: 3, configs: ["auto.create.topics.enable": "false"])
        let admin = try AdminClient(
            properties: ["bootstrap.servers": fixture.cluster.bootstrapServers], log: ClientLog())
        let isDeleted = Flag()
        var request = ProduceSession.Request(topic: "orders", input: .arguments(["a:1"], .lines))
        request.count = 100
        request.rate = 50
        request.partition = 2
        let console = ProduceConsole { _ in
            if isDeleted.isRaised { return }
            isDeleted.raise()
            _ = try? admin.deleteTopics(["orders"], timeout: .seconds(10))
            try? fixture.cluster.createTopic("orders", partitions: 1)
        }
        let outcome = try await fixture.produce(
            request, console, properties: ["topic.metadata.propagation.max.ms": "100", "retry.backoff.ms": "10"])
        #expect(outcome.problems.count == 1)
        #expect(
            outcome.problems.first?.notes.last
                == "topic orders has 1 partition by now: it was deleted and created again meanwhile")
    }

    /// A queue of ten messages takes as many as there are.
    @Test func aFullQueueIsWaitedFor() async throws {
        let fixture = try ProduceFixture(partitions: 3)
        let console = ProduceConsole(input: lines(20_000))
        let outcome = try await fixture.produce(
            ProduceSession.Request(topic: "orders", input: .standardInput(.lines)), console,
            properties: ["queue.buffering.max.messages": "10", "linger.ms": "0"])
        #expect(outcome.tally.deliveredInAll == 20_000)
        #expect(outcome.problems == [])
        #expect(console.results.split(separator: "\n").count == 20_000)
    }

    @Test func aMessageLargerThanTheQueueFails() async throws {
        let fixture = try ProduceFixture()
        let value = String(repeating: "x", count: 5_000)
        let outcome = try await fixture.produce(
            ProduceSession.Request(topic: "orders", input: .arguments([value, "b"], .lines)), ProduceConsole(),
            properties: ["queue.buffering.max.kbytes": "1"])
        #expect(outcome.totals == "1 message to orders: 1 to partition 0")
        #expect(
            outcome.problems == [
                Diagnostic(
                    .runtime, "1 of 2 messages to orders was not delivered",
                    notes: [
                        "1 × _QUEUE_FULL: the message is larger than librdkafka's queue (queue.buffering.max.kbytes)"
                    ])
            ])
    }

    /// An idempotent producer that cannot keep its promise can do nothing any more.
    @Test func aFatalErrorEndsIt() async throws {
        let fixture = try ProduceFixture()
        try fixture.cluster.inject(.fail(.produce, with: "OUT_OF_ORDER_SEQUENCE_NUMBER", times: 1))
        let console = ProduceConsole(input: "a:1\n", isEndless: true)
        let outcome = try await fixture.produce(
            ProduceSession.Request(topic: "orders", input: .standardInput(.lines)), console,
            properties: ["enable.idempotence": "true"])
        #expect(outcome.problems.count == 2)
        #expect(outcome.problems.first?.title == "producing to orders failed")
        let note = try #require(outcome.problems.first?.notes.first)
        #expect(
            note.hasPrefix(
                "OUT_OF_ORDER_SEQUENCE_NUMBER: Producing not allowed since a previous fatal error was raised: "))
        #expect(outcome.problems.last?.title.hasSuffix(" messages to orders were not delivered") == true)
    }

    @Test func silenceEndsIt() async throws {
        let fixture = try ProduceFixture()
        try fixture.cluster.inject(.loseAcknowledgement(of: .produce, by: .silence))
        let request = ProduceSession.Request(topic: "orders", input: .standardInput(.lines))
        let outcome = try await fixture.produce(
            request, ProduceConsole(input: "a:1\nb:2\n"), properties: ["linger.ms": "50"], timeout: .milliseconds(700))
        #expect(outcome.totals == "no messages to orders")
        #expect(
            outcome.problems == [
                Diagnostic(
                    .runtime, "2 of 2 messages to orders were not delivered",
                    notes: ["2 × no answer within 700 ms (--timeout); the broker may have 2 of them nevertheless"])
            ])
    }

    @Test func refusalsThatDoNotEndAreTheReason() async throws {
        let fixture = try ProduceFixture()
        try fixture.cluster.inject(.fail(.produce, with: "NOT_ENOUGH_REPLICAS"))
        let outcome = try await fixture.produce(
            ProduceSession.Request(topic: "orders", input: .arguments(["a:1"], .lines)), ProduceConsole(),
            timeout: .milliseconds(700))
        #expect(
            outcome.problems == [
                Diagnostic(
                    .runtime, "1 of 1 message to orders was not delivered",
                    notes: [
                        "1 × no answer within 700 ms (--timeout)",
                        "partition 0 did not take messages: NOT_ENOUGH_REPLICAS: Broker: Not enough in-sync replicas",
                    ])
            ])
    }

    @Test func whatWasSentIsWaitedForWhenItIsOver() async throws {
        let fixture = try ProduceFixture()
        let flag = Flag()
        let console = ProduceConsole(input: "a:1\n", isEndless: true) { if $0 > 100_000 { flag.raise() } }
        let request = ProduceSession.Request(topic: "orders", input: .standardInput(.lines))
        let outcome = try await fixture.produce(request, console) { flag.isRaised }
        #expect(outcome.isInterrupted)
        #expect(outcome.problems == [])
        #expect(try await fixture.records(topic: "orders") == outcome.tally.deliveredInAll)
    }

    @Test func aReaderThatGoesAwayEndsIt() async throws {
        let fixture = try ProduceFixture()
        let console = ProduceConsole(input: "a:1\n", isEndless: true, patience: 1)
        let outcome = try await fixture.produce(
            ProduceSession.Request(topic: "orders", input: .standardInput(.lines)), console)
        #expect(
            outcome.problems == [
                Diagnostic(
                    .runtime, "stdout takes no more results: the rest of the input was not sent",
                    notes: [outcome.totals, "--quiet writes the totals only"])
            ])
        // What had been sent by then was waited for.
        #expect(try await fixture.records(topic: "orders") == outcome.tally.deliveredInAll)
    }

    @Test func aReaderThatGoesAwayAfterAllWasSentIsNoTrouble() async throws {
        let fixture = try ProduceFixture()
        let outcome = try await fixture.produce(
            ProduceSession.Request(topic: "orders", input: .samples), ProduceConsole(patience: 1))
        #expect(outcome.problems == [])
        #expect(outcome.totals == "5 messages to orders: 5 to partition 0")
    }

    @Test func aTopicThatNobodyCreates() async throws {
        let fixture = try ProduceFixture(topic: "orders", configs: ["auto.create.topics.enable": "false"])
        let request = ProduceSession.Request(topic: "odrers", input: .samples)
        let error = await #expect(throws: Diagnostic.self) { try await fixture.produce(request, ProduceConsole()) }
        #expect(
            error?.notes == [
                "the broker creates none by itself: auto.create.topics.enable is false", "did you mean orders?",
                "`krun topics create odrers` makes one; `krun topics list` lists those that are there",
            ])
    }

    /// Who may produce need not be allowed to ask for the broker's configuration.
    @Test func aBrokerThatDoesNotTellItsConfigurationIsWaitedFor() async throws {
        let fixture = try ProduceFixture(topic: nil)
        try fixture.cluster.inject(.fail(.describeConfigs, with: "CLUSTER_AUTHORIZATION_FAILED"))
        let console = ProduceConsole()
        let outcome = try await fixture.produce(ProduceSession.Request(topic: "orders", input: .samples), console)
        #expect(outcome.totals == "5 messages to orders: 5 to partition 0")
        #expect(console.notices == ["the broker created topic orders with 1 partition (auto.create.topics.enable)"])

        let closed = try ProduceFixture(topic: nil, configs: ["auto.create.topics.enable": "false"])
        try closed.cluster.inject(.fail(.describeConfigs, with: "CLUSTER_AUTHORIZATION_FAILED"))
        let error = await #expect(throws: Diagnostic.self) {
            try await closed.produce(
                ProduceSession.Request(topic: "orders", input: .samples), ProduceConsole(), timeout: .milliseconds(500))
        }
        #expect(
            error?.notes.first
                == "the broker did not create it within 500 ms (--timeout); auto.create.topics.enable could not be asked for"
        )
    }

    @Test func aTopicThatCannotBeCreated() async throws {
        let fixture = try ProduceFixture(topic: nil)
        try fixture.cluster.inject(.fail(.metadata, with: "INVALID_REPLICATION_FACTOR", topic: "orders"))
        let error = await #expect(throws: Diagnostic.self) {
            try await fixture.produce(
                ProduceSession.Request(topic: "orders", input: .samples), ProduceConsole(), timeout: .milliseconds(700))
        }
        #expect(error?.title == "topic orders does not exist, and the broker cannot create it")
        #expect(
            error?.notes == [
                "INVALID_REPLICATION_FACTOR: Broker: Invalid replication factor",
                "`krun topics create orders --partitions 3`",
            ])
    }

    @Test func aLineThatIsTooLong() {
        // Its words; the length itself is LineSplitterTests'.
        let problem = ProduceText(topic: "orders", timeout: "10 s", isByLine: true).tooLong(line: 3)
        #expect(problem.title == "line 3 of stdin has more than 64 MiB")
        #expect(problem.notes == ["a message is a line: is this text?"])
    }
}
