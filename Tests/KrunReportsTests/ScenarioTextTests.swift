import KrunDiagnostics
import KrunOutcome
import KrunReports
import Testing

/// Each way in which a scenario can end, whole.
@Suite struct ScenarioTextTests {
    @Test func passed() {
        #expect(
            text(Fixtures.passed) == """
                embedded broker, 3 brokers at 127.0.0.1:41123 (default; --brokers host:port for a real Kafka)

                ✓ scenarios/orders.json  Messages with the same key land on the same partition   (0.4 s)
                  1  produce orders               5 messages to 2 of 3 partitions, murmur2_random   12 ms
                  2  consume orders as baristas   5 messages by 2 members, joined in 0.1 s, lag 0   0.4 s

                  topic orders, 3 partitions
                    partition  messages  first  last  committed  lag
                            0         3      0     2          3    0
                            1         2      0     1          2    0
                            2         0      –     –          –    0

                    key     partition  messages
                    alice           0         2
                    bob             1         1
                    ""              1         1
                    (null)          0         1

                  members of baristas in step 2
                    member  partitions          messages
                         1  orders/0, orders/1         5
                         2  orders/2                   0

                  invariants: 8 held

                """)
    }

    /// Where a terminal is too narrow for a step, what came of it stands below.
    @Test func narrow() {
        #expect(
            text(Fixtures.passed, .init(isCompact: true, width: 60)) == """
                embedded broker, 3 brokers at 127.0.0.1:41123 (default;
                  --brokers host:port for a real Kafka)

                ✓ scenarios/orders.json
                  Messages with the same key land on the same partition
                  (0.4 s)
                  1  produce orders               12 ms
                       5 messages to 2 of 3 partitions, murmur2_random
                  2  consume orders as baristas   0.4 s
                       5 messages by 2 members, joined in 0.1 s, lag 0
                  invariants: 8 held

                """)
        // Between the parts of what came of a step, not within them.
        #expect(
            text(Fixtures.passed, .init(isCompact: true, width: 50)).split(separator: "\n").suffix(7).joined(
                separator: "\n") == """
                      1  produce orders               12 ms
                           5 messages to 2 of 3 partitions,
                           murmur2_random
                      2  consume orders as baristas   0.4 s
                           5 messages by 2 members, joined in 0.1 s,
                           lag 0
                      invariants: 8 held
                    """)
        #expect(text(Fixtures.passed, .init(width: 200)) == text(Fixtures.passed))
    }

    /// Names that are longer than the terminal is wide are cut, so that each line fits.
    @Test func longNamesOnANarrowTerminal() {
        let topic = String(repeating: "orders-", count: 9) + "topic"
        var scenario = Fixtures.passed
        scenario.name = "Messages on " + topic
        scenario.topics[0].name = topic
        for index in scenario.steps.indices {
            scenario.steps[index].title = scenario.steps[index].title.replacing("orders", with: topic)
            switch scenario.steps[index].result {
            case .produce(var outcome):
                outcome.topic = topic
                scenario.steps[index].result = .produce(outcome)
            case .consume(var outcome):
                outcome.topics = [topic: outcome.topics["orders"]!]
                outcome.group = "baristas-of-" + topic
                for member in outcome.members.indices {
                    outcome.members[member].partitions = outcome.members[member].partitions.map {
                        $0.replacing("orders", with: topic)
                    }
                }
                scenario.steps[index].result = .consume(outcome)
            default: break
            }
        }
        let narrow = text(scenario, .init(width: 60))
        #expect(narrow.split(separator: "\n").allSatisfy { TerminalText.cells(String($0)) <= 60 })
        #expect(
            narrow == """
                embedded broker, 3 brokers at 127.0.0.1:41123 (default;
                  --brokers host:port for a real Kafka)

                ✓ scenarios/orders.json
                  Messages on
                  orders-orders-orders-orders-orders-orders-orders-orders-o…
                  (0.4 s)
                  1  produce
                     orders-orders-orders-orders-orders-orders-orders-order…
                     12 ms
                       5 messages to 2 of 3 partitions, murmur2_random
                  2  consume
                     orders-orders-orders-orders-orders-orders-orders-order…
                     as baristas   0.4 s
                       5 messages by 2 members, joined in 0.1 s, lag 0

                  topic
                    orders-orders-orders-orders-orders-orders-orders-orders…
                    3 partitions
                    partition  messages  first  last  committed  lag
                            0         3      0     2          3    0
                            1         2      0     1          2    0
                            2         0      –     –          –    0

                    key     partition  messages
                    alice           0         2
                    bob             1         1
                    ""              1         1
                    (null)          0         1

                  members of
                    baristas-of-orders-orders-orders-orders-orders-orders-o…
                    in step 2
                    member  partitions                              messages
                         1  orders-orders-orders-orders-orders…/0,         5
                            orders-orders-orders-orders-orders-…/1
                         2  orders-orders-orders-orders-orders-…/2         0

                  invariants: 8 held

                """)
    }

    /// The step that failed is marked, its diagnostics follow what all steps saw, and what was made is gone.
    @Test func failed() {
        #expect(
            text(Fixtures.failed) == """
                Kafka at localhost:9092, 1 broker (from --brokers)

                ✗ scenarios/orders.json  Messages with the same key land on the same partition   (0.4 s)
                  1  produce orders               5 messages to 2 of 3 partitions, murmur2_random                12 ms
                ✗ 2  consume orders as baristas   5 messages by 2 members, joined in 0.1 s, lag 0                0.4 s
                  3  produce orders               0 messages, murmur2_random, 2 failed (MSG_SIZE_TOO_LARGE from the broker)    3 ms

                  topic orders, 3 partitions
                    partition  messages  first  last  committed  lag
                            0         3      0     2          3    0
                            1         2      0     1          2    0
                            2         0      –     –          –    0

                    key     partition  messages
                    alice           0         2
                    bob             1         1
                    ""              1         1
                    (null)          0         1

                  members of baristas in step 2
                    member  partitions          messages
                         1  orders/0, orders/1         5
                         2  orders/2                   0

                  invariants: 8 held

                error: key "alice" is on another partition than expected
                  --> scenarios/orders.json:14:39
                   |
                   | consume orders as baristas                                   step 2 of 3
                14 |     "keys": { "alice": { "partition": 2 } }
                   |                                       ^ actual: 0
                   |
                   = murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random

                  seed 42 (--seed 42 draws the same random values again)
                  deleted 1 topic and 1 group

                """)
    }

    @Test func error() {
        #expect(
            text(Fixtures.error) == """
                Kafka at localhost:9092, 1 broker (from --brokers)

                ! scenarios/orders.json  Messages with the same key land on the same partition   (10.0 s)
                  1  produce orders               5 messages to 2 of 3 partitions, murmur2_random    12 ms
                ! 2  consume orders as baristas   ended before anything was done                    10.0 s
                  steps 3 and 4 were not run

                  topic orders, 3 partitions
                    partition  messages  first  last
                            0         3      0     2
                            1         2      0     1
                            2         0      –     –

                    key     partition  messages
                    alice           0         2
                    bob             1         1
                    ""              1         1
                    (null)          0         1

                error: no broker answered within 10 s
                  = timeouts.connect is 10 s
                  = is localhost:9092 the address of a Kafka?

                  seed 42 (--seed 42 draws the same random values again)
                  could not delete topic orders: no broker answered
                  could not delete group baristas: no broker answered

                """)
    }

    @Test func skipped() {
        #expect(
            text(Fixtures.skipped) == """
                - scenarios/compaction.json  Compaction keeps the last value   skipped: topic config needs a real Kafka

                """)
    }

    @Test func invalid() {
        #expect(
            text(Fixtures.invalid) == """
                ✗ scenarios/typo.json   not a valid scenario, nothing was run

                error: unknown field "topic"
                 --> scenarios/typo.json:3:3
                  |
                3 |   "topic": []
                  |   ^^^^^^^ did you mean topics?

                """)
    }

    @Test func interrupted() {
        #expect(
            text(Fixtures.interrupted) == """
                Kafka at localhost:9092, 1 broker (from --brokers)

                ! scenarios/orders.json  Messages with the same key land on the same partition   interrupted after 2 min 5 s
                  1  produce orders   5 messages to 2 of 3 partitions, murmur2_random   12 ms
                  step 2 was not run

                  topic orders, 3 partitions
                    partition  messages  first  last
                            0         3      0     2
                            1         2      0     1
                            2         0      –     –

                    key     partition  messages
                    alice           0         2
                    bob             1         1
                    ""              1         1
                    (null)          0         1

                  seed 42 (--seed 42 draws the same random values again)
                  kept orders

                """)
    }

    @Test func verbose() {
        #expect(
            text(Fixtures.failed, TerminalReport.Options(isCompact: true, isVerbose: true)) == """
                Kafka at localhost:9092, 1 broker (from --brokers)

                ✗ scenarios/orders.json  Messages with the same key land on the same partition   (0.4 s)
                  Two customers order coffee.
                  One of them twice.
                  1  produce orders               5 messages to 2 of 3 partitions, murmur2_random                12 ms
                ✗ 2  consume orders as baristas   5 messages by 2 members, joined in 0.1 s, lag 0                0.4 s
                     Each customer has one barista.
                  3  produce orders               0 messages, murmur2_random, 2 failed (MSG_SIZE_TOO_LARGE from the broker)    3 ms
                  invariants: 8 held, 2 not judged
                    ✓ no-loss            held
                    ✓ no-duplicates      held
                    ✓ key-affinity       held
                    ✓ per-key-order      held
                    ✓ offset-order       held
                    ✓ single-owner       held
                    ✓ assigned-only      held
                    ✓ commit-not-ahead   held
                    - aborted-invisible  not judged: no step writes in a transaction
                    - fenced-silent      not judged: no step writes in a transaction

                error: key "alice" is on another partition than expected
                  --> scenarios/orders.json:14:39
                   |
                   | consume orders as baristas                                   step 2 of 3
                14 |     "keys": { "alice": { "partition": 2 } }
                   |                                       ^ actual: 0
                   |
                   = murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random

                  seed 42 (--seed 42 draws the same random values again)
                  deleted 1 topic and 1 group

                """)
    }

    /// Colour changes no other character; the escape character is shown as ␛ here.
    @Test func coloured() {
        let coloured = text(Fixtures.failed, style: .colour)
        #expect(
            coloured == """
                ␛[2mKafka at localhost:9092, 1 broker (from --brokers)␛[0m

                ␛[31m✗␛[0m scenarios/orders.json  ␛[1mMessages with the same key land on the same partition␛[0m   (0.4 s)
                  1  produce orders               5 messages to 2 of 3 partitions, murmur2_random                12 ms
                ␛[31m✗␛[0m 2  consume orders as baristas   5 messages by 2 members, joined in 0.1 s, lag 0                0.4 s
                  3  produce orders               0 messages, murmur2_random, 2 failed (MSG_SIZE_TOO_LARGE from the broker)    3 ms

                  ␛[1mtopic orders, 3 partitions␛[0m
                    ␛[2mpartition  messages  first  last  committed  lag␛[0m
                            0         3      0     2          3    0
                            1         2      0     1          2    0
                            2         0      –     –          –    0

                    ␛[2mkey     partition  messages␛[0m
                    alice           0         2
                    bob             1         1
                    ""              1         1
                    (null)          0         1

                  ␛[1mmembers of baristas in step 2␛[0m
                    ␛[2mmember  partitions          messages␛[0m
                         1  orders/0, orders/1         5
                         2  orders/2                   0

                  invariants: 8 held

                ␛[1m␛[31merror:␛[0m␛[0m ␛[1mkey "alice" is on another partition than expected␛[0m
                  ␛[34m-->␛[0m ␛[36mscenarios/orders.json:14:39␛[0m
                   ␛[34m|␛[0m
                   ␛[34m|␛[0m consume orders as baristas                                   step 2 of 3
                ␛[34m14␛[0m ␛[34m|␛[0m     "keys": { "alice": { "partition": 2 } }
                   ␛[34m|␛[0m                                       ␛[31m^ actual: 0␛[0m
                   ␛[34m|␛[0m
                   ␛[34m=␛[0m murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random

                  seed 42 (--seed 42 draws the same random values again)
                  deleted 1 topic and 1 group

                """)
        #expect(coloured.replacing(/␛\[[0-9;]*m/, with: "") == text(Fixtures.failed))
    }

    private func text(
        _ scenario: ScenarioOutcome, _ options: TerminalReport.Options = TerminalReport.Options(),
        style: TextStyle = .plain
    ) -> String {
        var report = TerminalReport(style: style, options: options)
        return report.scenario(scenario).replacing("\u{1b}", with: "␛")
    }
}
