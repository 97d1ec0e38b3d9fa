import Foundation
import Testing

/// A broker in a process of its own that dies, or stops, under each command that uses it.
@Suite(.gated, .serialized, .timeLimit(.minutes(10))) struct DeadBrokerTests {
    private static let scenario = """
        { "name": "test",
          "timeouts": { "connect": "5s", "join": "10s", "receive": "RECEIVE", "deliver": "5s" },
          "topics": [{ "name": "orders", "partitions": 2 }],
          "steps": [
            { "produce": "orders", "count": 6, "partition": "{{index % 2}}", "value": "x" },
            { "consume": "orders", "group": "billing", "until": { "messages": 7 } },
            { "consume": "orders" }
          ] }
        """

    private let folder: TemporaryFolder
    private let broker: Terminal
    private let address: String

    init() async throws {
        folder = try TemporaryFolder()
        broker = try Terminal(
            "krun broker --port 0 --topic orders:2 --override group.initial.rebalance.delay.ms=0", in: folder.url)
        let ready = try await broker.read(until: "export KRUN_BROKERS=")
        address = try #require(
            ready.split(separator: "\n").first { $0.hasPrefix("export KRUN_BROKERS=") }?.split(separator: "=").last.map(
                String.init))
    }

    private func terminal(_ command: String, input: Pipe? = nil) throws -> Terminal {
        try Terminal(command, in: folder.url, environment: ["KRUN_BROKERS": address], input: input)
    }

    /// The broker goes (SIGKILL), or stays and is silent (SIGSTOP).
    private func end(_ signal: Int32) {
        broker.send(signal)
    }

    private func runScenario(receive: String = "6s") async throws -> Terminal {
        try Data(Self.scenario.replacing("RECEIVE", with: receive).utf8).write(
            to: folder.url.appending(path: "scenario.json"))
        let run = try terminal("krun scenario.json")
        // What is waited for is told in a pipe, too, after a while.
        let told = try await run.read(until: "reading, for 3 s")
        #expect(
            told.hasSuffix("scenario.json  step 2 of 3: consume orders as billing: reading, for 3 s: 6 of 7 messages\n")
        )
        return run
    }

    @Test(arguments: [SIGKILL, SIGSTOP]) func aStepEndsSoonAfterItsBudget(_ signal: Int32) async throws {
        let run = try await runScenario()
        end(signal)
        let death = ContinuousClock.now
        let (text, code) = try await run.end()
        // 3 s were left of the budget; then 5 s for the step, and 5 s for clean-up.
        #expect(death.duration(to: .now) < .seconds(14))
        #expect(code == 3)
        #expect(text.contains("error: reading ended before it was done: timeouts.receive ran out\n"))
        #expect(text.contains("6 of 7 received in "))
        #expect(text.contains("  = 6 messages read; positions p0=3 p1=3; committed by this step: nothing\n"))
        #expect(text.contains("2  consume orders as billing   6 messages by 1 member, joined in "))
        let reason = signal == SIGKILL ? "connection refused" : "no answer to requests"
        let warning = /warning: 127\.0\.0\.1:\d+ has not answered for [67] s \(since \d\d:\d\d:\d\d\): (.*)/
        #expect((text.firstMatch(of: warning)?.output.1).map { String($0) } == reason)
        #expect(text.contains("could not delete group billing-krun-"))
        #expect(text.contains("could not delete topic orders-krun-"))
        #expect(
            text.contains(
                "`krun clean --brokers \(address) --older-than 1s --yes` deletes what runs left, once the broker answers\n"
            ))
        #expect(!text.contains("not begun"))
        #expect(!text.contains("advertised.listeners"))
    }

    @Test(arguments: [SIGKILL, SIGSTOP]) func ctrlCEndsItWithinTwoSeconds(_ signal: Int32) async throws {
        // It is reading when the end is asked for.
        let run = try await runScenario(receive: "60s")
        end(signal)
        _ = try await run.read(until: "has not answered for")
        run.send(SIGINT)
        let start = ContinuousClock.now
        let (text, code) = try await run.end()
        // The time that a loaded machine takes is in the bound.
        #expect(start.duration(to: .now) < .milliseconds(2_500))
        #expect(code == 130)
        #expect(text.contains("6 messages by 1 member"))
        #expect(text.contains("could not delete topic orders-krun-"))
    }

    @Test(arguments: [
        ("consume --topic orders", 0), ("consume --topic orders --no-group", 0),
    ]) func aConsumerIsToldAndEnds(_ command: String, _ exitCode: Int32) async throws {
        let consumer = try terminal("krun \(command)")
        _ = try await consumer.read(until: "assigned partition 0 from offset 0")
        end(SIGSTOP)
        let start = ContinuousClock.now
        let warning = try await consumer.read(until: "has not answered for")
        #expect(start.duration(to: .now) < .seconds(10))
        // As a warning, or as the reason why nothing comes.
        #expect(warning.contains(": \(address) has not answered for "))
        consumer.send(SIGINT)
        let interruption = ContinuousClock.now
        let (_, code) = try await consumer.end()
        #expect(interruption.duration(to: .now) < .milliseconds(2_500))
        #expect(code == exitCode)
    }

    @Test func aConsumerThatWaitsForTheEndGivesUp() async throws {
        end(SIGSTOP)
        let start = ContinuousClock.now
        let (text, code) = try await terminal("krun consume --topic orders --exit-at-end --timeout 4s").end()
        #expect(start.duration(to: .now) < .seconds(9))
        #expect(code == 3)
        #expect(text.hasPrefix("waiting for an answer of \(address), for 3 s"))
    }

    @Test func aProducerIsToldAndGivesUp() async throws {
        let input = Pipe()
        let producer = try terminal("krun produce --topic orders --timeout 9s -", input: input)
        input.fileHandleForWriting.write(Data("a:1\n".utf8))
        _ = try await producer.read(until: "key a")
        end(SIGSTOP)
        input.fileHandleForWriting.write(Data("b:2\n".utf8))
        let start = ContinuousClock.now
        _ = try await producer.read(until: "has not answered for")
        #expect(start.duration(to: .now) < .seconds(10))
        producer.send(SIGINT)
        let interruption = ContinuousClock.now
        let (text, code) = try await producer.end()
        #expect(interruption.duration(to: .now) < .milliseconds(2_500))
        #expect(code == 130)
        #expect(text.contains("error: 1 of 2 messages to orders was not delivered\n"))
        #expect(text.contains("  = \(address) has not answered for "))
    }

    @Test(arguments: [
        "topics list", "topics create x", "topics describe orders", "groups list", "groups describe g",
        "record --topic orders",
    ]) func aCommandEndsAfterItsTimeout(_ command: String) async throws {
        end(SIGSTOP)
        let start = ContinuousClock.now
        let (text, code) = try await terminal("krun \(command) --timeout 2s").end()
        #expect(start.duration(to: .now) < .seconds(7))
        #expect(code == 3)
        #expect(text.contains("error: "))
        #expect(!text.contains("advertised.listeners"))
    }
}
