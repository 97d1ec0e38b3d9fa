import KrunOutcome
import KrunRunner
import Testing

/// What a `fault` step does to the cluster, to those who use it, and to the verdicts.
@Suite(.serialized, .timeLimit(.minutes(2))) struct FaultStepTests {
    private func scenario(_ steps: String, partitions: Int = 1, _ more: String = "") async throws -> ScenarioOutcome {
        try await run(
            """
            { "name": "test", \(more) "seed": 1,
              "topics": [{ "name": "orders", "partitions": \(partitions) }], "steps": [\(steps)] }
            """)
    }

    private func fault(_ outcome: ScenarioOutcome, _ step: Int) -> FaultOutcome? {
        guard case .fault(let fault)? = outcome.steps[step - 1].result else { return nil }
        return fault
    }

    /// The record stands twice without idempotence, and `no-duplicates` says where; once with it.
    @Test(arguments: [false, true]) func aLostAcknowledgement(idempotent: Bool) async throws {
        let outcome = try await scenario(
            """
            { "fault": "lose-acknowledgement", "topic": "orders", "times": 1, "expect": { "applied": 1 } },
            { "produce": "orders", "idempotent": \(idempotent), "messages": [{ "key": "a", "value": "1" }] },
            { "consume": "orders", "group": "kitchen" }
            """)
        #expect(outcome.produced(2)?.messages == 1)
        #expect(outcome.consumed(3)?.messages == (idempotent ? 1 : 2))
        #expect(fault(outcome, 1)?.applied == 1)
        #expect(outcome.status == (idempotent ? .passed : .failed))
        let twice = InvariantOutcome.Verdict.broken(
            count: 1,
            cases: ["orders/0 offset 0, key \"a\", was never acknowledged: it stands in the log a second time"],
            allowed: false)
        #expect(outcome.verdict(.noDuplicates, step: 3) == (idempotent ? .held : twice))
    }

    /// Requests suffer so often, and what healing tells adds up.
    @Test func requestsThatFailAreCounted() async throws {
        let outcome = try await scenario(
            """
            { "fault": "fail", "request": "Produce", "error": "NOT_LEADER_OR_FOLLOWER", "topic": "orders", "times": 2 },
            { "fault": "delay", "by": "1ms", "request": "Produce" },
            { "produce": "orders", "messages": [{ "key": "a" }] },
            { "fault": "heal", "expect": { "applied": 5 } },
            { "produce": "orders", "messages": [{ "key": "a" }] },
            { "fault": "heal" }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(fault(outcome, 1) == applied("fail", 2, of: fault(outcome, 1)))
        #expect(fault(outcome, 2) == applied("delay", 3, of: fault(outcome, 2)))
        let healed = try #require(fault(outcome, 4))
        #expect(
            healed.healed == [
                .init(path: StepPath(1), fault: "fail", applied: 2),
                .init(path: StepPath(2), fault: "delay", applied: 3),
            ])
        #expect(fault(outcome, 6)?.healed == [])
    }

    private func applied(_ name: String, _ count: Int, of other: FaultOutcome?) -> FaultOutcome {
        var outcome = FaultOutcome(fault: name)
        outcome.applied = count
        outcome.duration = other?.duration ?? .zero
        return outcome
    }

    /// What a fault was to come to is judged at the end of the scenario, also within a `together` step.
    @Test func aFaultThatStruckNobodyIsTold() async throws {
        let outcome = try await scenario(
            """
            { "together": [[{ "fault": "lose-acknowledgement", "topic": "orders", "times": 2, "expect": { "applied": 2 } },
                            { "produce": "orders", "count": 0 }]] }
            """)
        #expect(outcome.status == .failed)
        #expect(outcome.steps[0].status == .failed)
        let step = try #require(outcome.allSteps.first { $0.path.description == "1.1.1" })
        #expect(step.status == .failed)
        #expect(
            printed(step.diagnostics) == """
                error: the fault struck another number of times than expected
                 --> test.json:2:169
                  |
                  | fault: lost acknowledgement of orders, 2 times                 step 1.1.1
                2 | … "name": "orders", "partitions": 1 }], "steps": [{ "together": [[{ "fault": "lose-acknowledgement", "topic": "orders", "times": 2, "expect": { "applied": 2 } },
                  |                                                                                                                                                            ^ actual: 0
                """)
    }

    /// A broker goes down, for so long or until it is brought back; what it led others lead meanwhile.
    @Test func aBrokerIsDownAndComesBack() async throws {
        let outcome = try await scenario(
            """
            { "fault": "broker-down", "broker": 1, "for": "50ms", "expect": { "applied": 1 } },
            { "fault": "broker-down", "broker": 1, "expect": { "applied": 0 } },
            { "produce": "orders", "count": 10, "key": "{{index}}" },
            { "pause": "100ms" },
            { "fault": "broker-up", "broker": 1, "expect": { "applied": 0 } },
            { "fault": "broker-down", "broker": 1, "expect": { "applied": 1 } },
            { "fault": "heal", "of": "broker-down", "expect": { "applied": 2 } },
            { "fault": "broker-up", "broker": 1, "expect": { "applied": 0 } },
            { "consume": "orders", "group": "kitchen", "expect": { "messages": 10, "lag": 0 } }
            """, partitions: 3)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
    }

    /// Leaders and coordinators move while a group reads; nobody loses anything.
    @Test func leadersAndCoordinatorsMove() async throws {
        let outcome = try await scenario(
            """
            { "group": "kitchen", "subscribe": "orders", "members": 2 },
            { "fault": "move-leader", "topic": "orders", "partition": 0, "expect": { "applied": 1 } },
            { "fault": "move-coordinator", "group": "kitchen", "to": 2 },
            { "fault": "move-coordinator", "transactionalId": "till", "to": 3 },
            { "produce": "orders", "count": 10, "key": "{{index}}" },
            { "consume": "orders", "group": "kitchen", "expect": { "messages": 10, "lag": 0 } }
            """, partitions: 3)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
    }

    /// Who is not in sync cannot lead: the cluster says so, and the run ends.
    @Test func aLeaderThatCannotBe() async throws {
        let outcome = try await scenario(
            """
            { "fault": "broker-down", "broker": 2 },
            { "fault": "move-leader", "topic": "orders", "partition": 0, "to": 2 }
            """)
        #expect(outcome.status == .error)
        #expect(
            outcome.printedDiagnostics.contains(
                "broker 2 cannot lead orders/0: it is no in-sync replica of it, or down"))
    }

    /// Heartbeats of one member do not arrive: its session ends, and the other has all.
    @Test func lostHeartbeatsEndASession() async throws {
        let outcome = try await scenario(
            """
            { "group": "kitchen", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "range",
              "client": { "session.timeout.ms": 1000, "heartbeat.interval.ms": 100 } },
            { "fault": "lose-heartbeats", "group": "kitchen", "client": "ann" },
            { "pause": "1500ms" },
            { "fault": "heal", "expect": { "applied": { "min": 2 } } },
            { "group": "kitchen", "allow": ["single-owner"], "expect": { "state": "Stable", "rebalances": { "min": 1 } } }
            """, partitions: 2)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        // She believes that she owns it as long as nobody answers otherwise.
        let twice = InvariantOutcome.Verdict.broken(
            count: 1, cases: ["orders/0 was given to member bob while member ann owned it"], allowed: true)
        #expect(outcome.verdict(.singleOwner, step: 5) == twice)
    }

    /// Somebody else's Kafka does not suffer: the scenario is skipped, whatever is there.
    @Test func elsewhereItIsSkipped() async throws {
        let text = """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [{ "repeat": 1, "steps": [{ "fault": "heal" }] }] }
            """
        let options = RunOptions(broker: BrokerChoice(.kafka(bootstrap: "127.0.0.1:1"), chosenBy: "--brokers"))
        let outcome = try await run(text, options)
        #expect(outcome.status == .skipped)
        #expect(outcome.skipReason == "faults need the embedded broker: leave --brokers out")
    }
}
