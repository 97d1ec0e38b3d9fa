import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunScenario
import Testing

/// What a sound scenario comes to.
@Suite("Decoding") struct DecodeTests {
    @Test("the first scenario of the language's description")
    func firstScenario() throws {
        let scenario = try decode(
            """
            {
              "$schema": "../schema/scenario.schema.json",
              "name": "Messages with the same key land on the same partition",
              "topics": [{ "name": "orders", "partitions": 3 }],
              "steps": [
                {
                  "produce": "orders",
                  "messages": [
                    { "key": "alice", "value": "espresso" },
                    { "key": "bob",   "value": "flat white" },
                    { "key": "alice", "value": "croissant" }
                  ],
                  "expect": { "keys": { "alice": { "partition": 0, "messages": 2 } } }
                },
                {
                  "consume": "orders", "group": "baristas", "members": 2,
                  "expect": {
                    "messages": 3,
                    "keys": { "alice": { "values": ["espresso", "croissant"] } },
                    "lag": 0
                  }
                }
              ]
            }
            """)
        #expect(scenario.name == "Messages with the same key land on the same partition")
        #expect(scenario.file == "test.json")
        #expect(scenario.embeddedBrokers == 3)
        #expect(scenario.timeouts == Timeouts())
        #expect(scenario.topics.map(\.name) == ["orders"])
        #expect(scenario.topics[0].partitions == 3)
        #expect(scenario.steps.map(\.title) == ["produce orders", "consume orders as baristas"])
        guard case .produce(let produce) = scenario.steps[0].action,
            case .consume(let consume) = scenario.steps[1].action
        else {
            Issue.record("the verbs are others")
            return
        }
        #expect(produce.count == 3)
        #expect(produce.partitioner == .murmur2Random)
        #expect(produce.acks == .all)
        #expect(produce.messages.map { bytes($0.key) } == ["alice", "bob", "alice"])
        #expect(produce.expect.topics.map(\.topic) == ["orders"])
        #expect(produce.expect.topics[0].keys.map(\.key) == [Array("alice".utf8)])
        #expect(produce.expect.topics[0].keys[0].messages?.node.place.line == 13)
        #expect(consume.topics == ["orders"])
        #expect(consume.group == "baristas")
        #expect(consume.members == 2)
        #expect(consume.from == StartPoints(.committed))
        #expect("\(consume.until)" == "end")
        #expect(consume.commit == .end)
        #expect(consume.expect.topics[0].keys[0].values?.values.count == 2)
        #expect(consume.expect.lag != nil)
    }

    @Test("every row of the top level")
    func topLevel() throws {
        let scenario = try decode(
            """
            { "name": "all", "description": "d", "note": "n", "tags": ["a", "b"],
              "requires": ["real-broker", "brokers>=3", "librdkafka >= 2.3"], "skip": "not today",
              "embedded": { "brokers": 1, "note": "n" }, "variables": {}, "seed": 42,
              "client": { "linger.ms": 5, "session.timeout.ms": "6000", "socket.keepalive.enable": true },
              "timeouts": { "connect": "500ms", "deliver": "1.5s", "join": "2m", "receive": "1h" },
              "partitioner": "consistent_random", "allow": ["no-loss"],
              "topics": [{ "name": "t", "partitions": 2, "replicationFactor": 3,
                           "config": { "cleanup.policy": "compact", "retention.ms": 5, "preallocate": true } },
                         { "name": "old", "existing": true }],
              "groups": [{ "name": "any name: at all", "existing": true }],
              "steps": [{ "produce": "t", "messages": [], "allow": ["key-affinity"], "note": "step" },
                        { "consume": "t", "client": { "session.timeout.ms": 7000 } }] }
            """)
        #expect(scenario.description == "d")
        #expect(scenario.tags == ["a", "b"])
        #expect(
            scenario.requirements.map(\.condition) == [
                .realBroker, .brokers(atLeast: 3), .librdkafka(atLeast: [2, 3]),
            ])
        #expect(scenario.requirements[2].text == "librdkafka >= 2.3")
        #expect(scenario.skip == "not today")
        #expect(scenario.embeddedBrokers == 1)
        #expect(scenario.seed == 42)
        var timeouts = Timeouts()
        timeouts.connect = .milliseconds(500)
        timeouts.deliver = .milliseconds(1500)
        timeouts.join = .seconds(120)
        timeouts.receive = .seconds(3600)
        #expect(scenario.timeouts == timeouts)
        #expect(scenario.topics[0].replicationFactor == 3)
        #expect(
            scenario.topics[0].config.map { "\($0.name)=\($0.value)" }
                == ["cleanup.policy=compact", "retention.ms=5", "preallocate=true"])
        #expect(scenario.topics[1].existing)
        #expect(scenario.topics[1].partitions == nil)
        #expect(scenario.groups.map(\.name) == ["any name: at all"])
        #expect(scenario.steps[0].allow == [.noLoss, .keyAffinity])
        #expect(scenario.steps[0].note == "step")
        #expect(scenario.steps[1].allow == [.noLoss])
        guard case .produce(let produce) = scenario.steps[0].action,
            case .consume(let consume) = scenario.steps[1].action
        else { return }
        #expect(produce.partitioner == .consistentRandom)
        #expect(properties(produce.client) == ["linger.ms=5", "socket.keepalive.enable=true"])
        #expect(properties(consume.client) == ["socket.keepalive.enable=true", "session.timeout.ms=7000"])
        #expect(consume.from == StartPoints(.earliest))
        #expect(consume.commit == .none)
    }

    @Test("every option of produce and consume")
    func options() throws {
        let scenario = try decode(
            scenario(
                steps: """
                    { "produce": "orders", "count": 2, "key": "k", "acks": 0, "partitioner": "fnv1a", "compression": "zstd",
                      "linger": "20ms" },
                    { "produce": "orders", "messages": [], "acks": "all", "idempotent": true },
                    { "produce": "orders", "messages": [], "acks": -1 },
                    { "consume": ["orders", "invoices"], "group": "g", "members": 3, "from": "latest",
                      "until": { "messages": 5 }, "commit": "none", "assignor": "cooperative-sticky" },
                    { "consume": "orders", "until": { "idle": "2s", "note": "n" } }
                    """))
        guard case .produce(let first) = scenario.steps[0].action,
            case .produce(let second) = scenario.steps[1].action, case .produce(let third) = scenario.steps[2].action,
            case .consume(let fourth) = scenario.steps[3].action, case .consume(let fifth) = scenario.steps[4].action
        else { return }
        #expect(first.acks == .none)
        #expect(first.partitioner == .fnv1a)
        #expect(first.compression == .zstd)
        #expect(first.linger == .milliseconds(20))
        #expect(second.acks == .all)
        #expect(second.idempotent)
        #expect(third.acks == .all)
        #expect(fourth.topics == ["orders", "invoices"])
        #expect(fourth.from == StartPoints(.latest))
        #expect("\(fourth.until)" == "messages(5)")
        #expect(fourth.commit == .none)
        #expect(fourth.assignor == .cooperativeSticky)
        #expect("\(fifth.until)" == "idle(2.0 seconds)")
        #expect(scenario.steps[3].title == "consume orders, invoices as g")
    }

    @Test("short and long forms of an expectation come to the same")
    func expectations() throws {
        let scenario = try decode(
            scenario(
                steps: """
                    { "consume": "orders", "group": "g", "members": 2, "expect": {
                        "messages": { "min": 1, "max": 9 }, "duration": { "max": "5s" }, "idle": 0, "rebalances": { "oneOf": [0, 1] },
                        "partitions": { "0": { "messages": 1, "first": null, "committed": 2 }, "2": {} },
                        "committed": { "0": 2, "1": null },
                        "topics": { "orders": { "lag": 0, "nullKey": { "partitions": 1 } } },
                        "members": { "1": { "partitions": ["orders/0", "orders/2"] }, "2": { "partitions": 1, "messages": 5 } } } },
                    { "consume": ["orders", "invoices"], "group": "g", "expect": {
                        "committed": { "invoices": { "0": 5 } },
                        "topics": { "invoices": { "partitions": { "0": { "committed": 5 } }, "committed": { "0": 5 } } } } }
                    """))
        guard case .consume(let first) = scenario.steps[0].action, case .consume(let second) = scenario.steps[1].action
        else { return }
        #expect(first.expect.topics.count == 1)
        let orders = first.expect.topics[0]
        #expect(orders.partitions.map(\.partition) == [0, 2, 1])
        #expect(orders.partitions.map(\.committed.count) == [2, 0, 1])
        #expect(orders.lag != nil)
        #expect(orders.nullKey?.partitions != nil)
        #expect(first.expect.members.map(\.name) == ["1", "2"])
        guard case .exactly(let names, _)? = first.expect.members[0].partitions else {
            Issue.record("no list")
            return
        }
        #expect(names == ["orders/0", "orders/2"])
        if case .duration(let longest, _)? = maximum(first.expect.duration) { #expect(longest == .seconds(5)) }
        #expect(second.expect.topics.count == 1)
        #expect(second.expect.topics[0].partitions[0].committed.count == 3)
    }

    @Test("a JSON syntax error and duplicate keys come from the reader of JSON")
    func json() {
        #expect(problems("{ \"name\": ").hasPrefix("1:"))
        #expect(problems("{ \"name\": \"a\", \"name\": \"b\" }").contains("name"))
        #expect(problems("").isEmpty == false)
    }

    private func properties(_ client: [ClientProperty]) -> [String] {
        client.map { "\($0.name)=\($0.value)" }
    }

    private func maximum(_ matcher: Matcher?) -> Matcher.Operand? {
        guard case .range(_, let greatest)? = matcher?.rule else { return nil }
        return greatest
    }
}

/// A payload's text at an index; nil where it is null.
func bytes(_ payload: PayloadTemplate, index: Int64 = 0) -> String? {
    switch payload {
    case .null, .late: return nil
    case .constant(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .filler(let count): return "<\(count) letters>"
    case .cycle: return bytes(payload.inTurn(at: index), index: index)
    case .oneOf(let payloads): return payloads.map { bytes($0, index: index) ?? "null" }.joined(separator: "|")
    case .template(let template):
        var buffer: [UInt8] = []
        template.render(index: index, into: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }
}
