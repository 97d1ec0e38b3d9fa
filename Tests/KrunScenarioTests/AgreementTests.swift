import Foundation
import KrunConfigs
import KrunDiagnostics
import KrunJSON
import KrunSchemaTestSupport
import Testing

@testable import KrunScenario

/// The JSON Schema and the decoder agree about every file: what the schema refuses the decoder refuses, and what the decoder refuses for
/// the file's structure the schema refuses.
@Suite("Schema and Decoder", .timeLimit(.minutes(10))) struct AgreementTests {
    private static let shapes = Scenario.shapes + [ScenarioFields.shape, MatcherFields.all.shape]

    private let validator: SchemaValidator

    init() throws {
        let file = Generated.root.appending(path: "schema/scenario.schema.json")
        validator = SchemaValidator(try JSONDocument.parse([UInt8](Data(contentsOf: file)), file: "schema").root)
    }

    /// Whether the schema accepts a file, and what it and the decoder do not agree about; nil for what is no JSON.
    private func judge(_ bytes: [UInt8]) -> (isAccepted: Bool, disagreement: String?)? {
        guard let document = try? JSONDocument.parse(bytes, file: "test.json") else { return nil }
        let reporter = Reporter(file: "test.json")
        _ = ScenarioDecoder(reporter: reporter).scenario(document.root, overrides: .none)
        guard validator.accepts(document.root) else {
            let isRefused = !reporter.findings.isEmpty
            return (false, isRefused ? nil : "only the schema refuses \(String(decoding: bytes, as: UTF8.self))")
        }
        // What is wrong with a variable's value is wrong where it is used.
        let structural = reporter.findings.first { finding in
            finding.reason == .structure && !(finding.diagnostic.place?.path.hasPrefix("$.variables") ?? false)
        }
        guard let diagnostic = structural?.diagnostic else { return (true, nil) }
        return (
            true,
            """
            only the decoder refuses \(String(decoding: bytes, as: UTF8.self)):
            \(diagnostic.place?.path ?? "") \(diagnostic.title), \(diagnostic.label)
            """
        )
    }

    /// How many there were, and how many of them the schema refuses.
    private func expectAgreement(_ trees: some Sequence<JSONValue>) -> (all: Int, refused: Int) {
        var count = (all: 0, refused: 0)
        var disagreements: [String] = []
        for tree in trees where disagreements.count < 10 {
            count.all += 1
            guard let verdict = judge(Array(tree.text(pretty: false).utf8)) else { continue }
            if !verdict.isAccepted { count.refused += 1 }
            if let disagreement = verdict.disagreement { disagreements.append(disagreement) }
        }
        #expect(disagreements.isEmpty, "\(disagreements.joined(separator: "\n\n"))")
        return count
    }

    private static func trees() throws -> [JSONValue] {
        let manager = FileManager.default
        let scenarios = try manager.subpathsOfDirectory(atPath: Generated.root.appending(path: "scenarios").path)
            .filter { $0.hasSuffix(".json") }.map { "scenarios/\($0)" }
        let fixtures = try manager.contentsOfDirectory(atPath: Generated.root.appending(path: "Tests/Fixtures").path)
            .map { "Tests/Fixtures/\($0)/scenario.json" }
        return (scenarios + fixtures).sorted().compactMap { path in
            guard let bytes = try? [UInt8](Data(contentsOf: Generated.root.appending(path: path))),
                bytes.count < 1 << 16
            else {
                return nil
            }
            return (try? JSONDocument.parse(bytes, file: path)).map { JSONValue($0.root) }
        }
    }

    @Test("about all scenarios and fixtures, and thousands of changes to them")
    func mutations() throws {
        let trees = try Self.trees()
        #expect(trees.count > 80)
        #expect(expectAgreement(trees).refused > 10)
        var mutator = TreeMutator(seed: 7, shapes: Self.shapes)
        let mutations = (0..<2_000).map { _ in
            mutator.mutate(
                trees.randomElement(using: &mutator.random)!, other: trees.randomElement(using: &mutator.random)!)
        }
        let count = expectAgreement(mutations)
        #expect(count.all == 2_000)
        #expect((400...1_600).contains(count.refused))
    }

    @Test("about every field, at the ends of its range and with values of every type")
    func everyField() throws {
        let tree = JSONValue(try JSONDocument.parse(Array(Self.everyField.utf8), file: "every field").root)
        let files = FolderFiles(contents: [
            "order.json": Array("{}".utf8), "orders.jsonl": Array("{\"value\":null}".utf8),
        ])
        #expect(throws: Never.self) {
            try Scenario.decode(Array(Self.everyField.utf8), file: "test.json", files: files)
        }
        var names: Set<String> = []
        func collect(_ value: JSONValue) {
            switch value {
            case .object(let members):
                for member in members {
                    names.insert(member.name)
                    collect(member.value)
                }
            case .array(let elements): elements.forEach(collect)
            default: break
            }
        }
        collect(tree)
        #expect(Set(Self.shapes.flatMap(\.names)).subtracting(names).sorted() == [])
        let mutator = TreeMutator(seed: 7, shapes: Self.shapes)
        let count = expectAgreement([tree] + Self.parts(of: tree).flatMap { mutator.systematic($0.tree, in: $0.field) })
        #expect(count.refused > 1_000)
    }

    /// Smaller files, which together have all of it: what stands before the steps, and each step with what it needs.
    private static func parts(of tree: JSONValue) -> [(tree: JSONValue, field: String?)] {
        guard case .object(let members) = tree,
            case .array(let steps)? = members.first(where: { $0.name == "steps" })?.value
        else { return [] }
        let needed = members.filter { ["name", "variables", "topics", "groups"].contains($0.name) }
        let simple = JSONValue.array([.object([.init("consume", .string("orders"))])])
        return [(.object(members.filter { $0.name != "steps" } + [.init("steps", simple)]), nil)]
            + steps.map { (.object(needed + [.init("steps", .array([$0]))]), "steps") }
    }

    @Test("about every client property and every config of a topic")
    func properties() {
        let values: [JSONValue] = [
            .integer(1), .integer(-2), .string("1"), .string(" Delete ,compact"), .string("gzip"), .string("TRUE"),
            .boolean(true),
            .real(0.5), .real(3.5), .string("x"), .string("3.9"), .string("0:1,2:3"), .string("*"), .null, .array([]),
            .object([]),
        ]
        let typical = TreeMutator(seed: 7, shapes: []).typical
        var trees: [JSONValue] = []
        for name in ClientPropertyTable.allowedNames + ["fetch.min.byte", "debug"] {
            for value in values + (typical[name] ?? []) {
                trees.append(Self.file(client: .object([.init(name, value)]), config: .object([])))
            }
        }
        for name in ConfigTable.topic.definitions.map(\.name) + ["no.such.config"] {
            for value in values + [.integer(0), .integer(10), .integer(1 << 31), .integer(.min)] {
                trees.append(Self.file(client: .object([]), config: .object([.init(name, value)])))
            }
        }
        let count = expectAgreement(trees)
        #expect(count.refused > 500)
    }

    private static func file(client: JSONValue, config: JSONValue) -> JSONValue {
        .object([
            .init("name", .string("properties")), .init("client", client),
            .init("topics", .array([.object([.init("name", .string("orders")), .init("config", config)])])),
            .init("steps", .array([.object([.init("consume", .string("orders"))])])),
        ])
    }

    private static let everyField = #"""
        { "$schema": "x", "name": "every field", "description": "d", "note": "n", "tags": ["a", "b"], "skip": "later",
          "requires": ["brokers>=1", "librdkafka>=2.0"], "embedded": { "brokers": 3, "note": "n" },
          "variables": { "n": 1, "text": "orders", "box": { "messages": 1 }, "list": ["orders"], "on": true }, "secrets": ["token", "other"], "seed": 7, "cases": [{ "m": 1 }],
          "client": { "client.id": "x", "socket.timeout.ms": 1000, "socket.keepalive.enable": true, "linger.ms": "5" },
          "timeouts": { "connect": "1s", "deliver": "40s", "join": "1m", "receive": "1h" }, "partitioner": "murmur2",
          "allow": ["no-loss"],
          "topics": [
            { "name": "orders", "partitions": 3, "replicationFactor": 1, "placedBy": "murmur2",
              "config": { "cleanup.policy": "delete", "retention.ms": -1, "compression.type": "gzip", "preallocate": true } },
            { "name": "invoices", "partitions": "{{n}}", "config": { "cleanup.policy": "compact" } }, { "name": "old", "existing": true, "partitions": 2 } ],
          "groups": [{ "name": "old group", "existing": true }],
          "steps": [
            { "produce": "orders",
              "messages": [
                { "key": "alice", "value": { "json": { "hex": 1 } }, "headers": [{ "key": "a", "value": "b" }], "partition": 0,
                  "timestamp": 1767225600000, "count": 1 },
                { "key": { "hex": "6f" }, "value": { "base64": "YWI=" }, "partition": 0 },
                { "value": { "bytes": 16 }, "headers": { "a": "b", "c": null }, "timestamp": "2026-01-01T00:00:00Z" } ],
              "partitioner": "murmur2", "acks": "all", "idempotent": true, "compression": "gzip", "linger": "5ms", "rate": 5000,
              "client": { "message.timeout.ms": 40000 }, "allow": ["no-duplicates"],
              "expect": {
                "messages": 3, "failed": { "oneOf": [0, 1] }, "movedKeys": 0, "nullKey": { "messages": 1, "partition": 0 },
                "partitions": { "0": { "messages": { "min": 0 }, "first": 0, "last": { "max": 9, "min": 1 } } },
                "keys": { "alice": { "partition": { "equals": 0 }, "partitions": 1, "messages": 1, "values": [{ "a": 1 }] } },
                "duration": { "max": "1m" }, "rate": { "max": 9 }, "latency": { "max": { "max": "1s" } } } },
            { "produce": "invoices", "count": 2, "key": "k-{{index}}", "value": { "id": "{{index}}" }, "headers": [], "partition": 0,
              "timestamp": "{{1767225600000 + index}}", "acks": 1, "note": "n" },
            { "consume": "orders", "group": "g", "members": 2, "from": "earliest", "until": "end", "commit": "end",
              "assignor": "range", "rate": 100, "isolation": "read_committed", "client": { "session.timeout.ms": 6000 }, "allow": [],
              "expect": {
                "messages": { "min": 1 }, "partitions": { "0": { "committed": 2, "lag": null } }, "nullKey": { "messages": 1 },
                "keys": [{ "key": { "hex": "6f" }, "partition": 0, "partitions": 1, "messages": 1,
                           "values": [{ "matches": "^a" }] }],
                "topics": { "orders": { "partitions": { "1": { "messages": 1 } }, "keys": {}, "nullKey": {}, "committed": { "1": null },
                            "lag": 0 } },
                "members": { "1": { "partitions": ["orders/0"], "messages": 1 }, "2": { "partitions": 1 } },
                "idle": 0, "rebalances": { "max": 3 }, "committed": { "2": 1 }, "lag": 0, "duration": "1s" } },
            { "consume": ["orders", "invoices"], "until": { "messages": 5 } },
            { "consume": ["orders", "invoices"],
              "until": { "matching": { "key": "alice", "headers": [{ "key": "a", "value": { "exists": true } }] }, "count": 2 },
              "capture": { "id": { "from": { "topic": "orders", "partition": 0, "offset": { "not": 5 }, "timestamp": { "min": 1 },
                                             "key": { "size": { "max": 9 } }, "value": { "path": { "$.id": 7, "$.a": { "contains": "b" } } },
                                             "headers": { "a": { "json": "b" } } }, "path": "$.value.id" } },
              "expect": { "records": [{ "value": { "anyOrder": [1, 2] } }, { "value": { "contains": { "a": [1] } } }] } },
            { "consume": "orders", "expect": { "records": { "contains": [{ "key": "alice" }] },
                                               "keys": { "alice": { "values": { "anyOrder": ["a", { "not": "b" }] } } } } },
            { "consume": "orders", "expect": { "records": { "inOrder": [{ "key": null }, { "key": "{{id}}" }] },
                                               "partitions": { "0": { "first": { "exists": true } } } } },
            { "consume": ["orders", "invoices"], "group": "g", "until": { "idle": "1s" },
              "expect": { "committed": { "orders": { "0": { "min": 1 } } } } },
            { "consume": "orders", "group": "g", "settle": "10ms", "commit": { "every": 10 },
              "expect": { "rate": { "min": 1 }, "latency": { "p50": { "max": "1s" }, "p95": "1s", "p99": "1s", "max": "1s" } } },
            { "consume": "orders", "group": "g", "commit": { "auto": "100ms" } }, { "consume": "orders", "group": "g", "commit": "each" },
            { "consume": "orders", "group": "live", "members": ["ann", "bob"], "static": true, "stay": true,
              "expect": { "redelivered": 0, "members": { "ann": { "messages": 1 } } } },
            { "group": "live", "subscribe": ["orders"], "members": ["ann"], "assignor": "range", "static": false, "isolation": "read_uncommitted",
              "allow": [],
              "client": { "session.timeout.ms": 6000 },
              "expect": { "members": { "ann": { "partitions": 1 } }, "idle": 0, "moved": 1, "revoked": { "max": 2 }, "generation": 3,
                          "rebalances": 1, "state": "Stable", "duration": { "max": "5s" }, "error": null } },
            { "group": "old group", "subscribe": "orders", "members": 2 }, { "group": "old group", "crash": ["1"] },
            { "group": "old group", "stall": "2", "for": "1s" },
            { "produce": "orders", "count": 1, "producer": "till", "transaction": "open", "transactionalId": "till-1",
              "offsetsOf": "old group", "client": { "transaction.timeout.ms": 40000 },
              "expect": { "error": { "MSG_SIZE_TOO_LARGE": { "max": 1 } } } },
            { "transaction": "till", "end": "commit", "allow": ["fenced-silent"],
              "expect": { "error": "PRODUCER_FENCED", "duration": { "max": "5s" } } },
            { "produce": "orders", "count": 1, "transaction": "abort", "expect": { "error": { "oneOf": ["_FENCED", null] } } },
            { "group": "other", "expect": { "idle": 0 } },
            { "consume": "orders", "from": { "0": 5, "1": "latest", "2": -3 } },
            { "consume": ["orders", "invoices"], "group": "g", "from": { "orders": { "0": "2026-01-01T00:00:00Z", "1": "committed" } } },
            { "consume": "orders", "group": "g", "from": { "committed": "latest" } }, { "consume": "orders", "from": -3 },
            { "consume": "orders", "from": 1767225600000 }, { "consume": "orders", "from": "2026-01-01T00:00:00Z" },
            { "offsets": "g", "topic": ["orders"], "reset": { "0": 5 }, "expect": { "committed": { "0": 5 }, "lag": 0, "error": null } },
            { "offsets": "g", "reset": "earliest", "note": "n" }, { "offsets": "old group", "topic": "orders" },
            { "topic": "made", "create": { "partitions": 3, "replicationFactor": 1, "config": { "retention.ms": 5 } },
              "expect": { "partitions": 3, "replicas": 1, "config": { "retention.ms": "5", "preallocate": { "oneOf": ["true", false] } },
                          "offsets": { "0": { "first": 0, "end": { "min": 0 } } }, "error": null } },
            { "topic": "orders", "partitions": 6 }, { "topic": "orders", "deleteRecords": { "0": 5, "1": "latest", "2": -1 } },
            { "topic": "orders", "config": { "retention.ms": 5, "cleanup.policy": null } }, { "topic": "invoices", "compact": true },
            { "topic": "old", "expect": { "partitions": 2 } }, { "topic": "made", "delete": true },
            { "fault": "broker-down", "broker": 1, "for": "1s", "expect": { "applied": 1 } }, { "fault": "broker-up", "broker": 3 },
            { "fault": "move-leader", "topic": "orders", "partition": 0, "to": 2 },
            { "fault": "move-coordinator", "group": "live", "to": 2 }, { "fault": "move-coordinator", "transactionalId": "t", "to": 1 },
            { "fault": "fail", "request": "Produce", "error": "NOT_LEADER_OR_FOLLOWER", "topic": "orders", "partition": 0, "client": "ann",
              "times": 2 },
            { "fault": "delay", "by": "10ms", "request": "Fetch", "group": "live", "for": "1s" },
            { "fault": "lose-acknowledgement", "topic": "orders" }, { "fault": "lose-heartbeats", "group": "live", "client": "ann" },
            { "fault": "disconnect", "client": "ann", "times": 1 }, { "fault": "heal", "of": "delay", "expect": { "applied": { "min": 0 } } },
            { "pause": "5ms", "note": "n" },
            { "together": [[{ "pause": "1s" }, { "consume": "orders" }], { "repeat": 1, "steps": [{ "consume": "orders" }] }] },
            { "repeat": 2, "steps": [{ "produce": "orders", "count": 1, "key": "k-{{round}}" }, { "pause": "1ms" }] },
            { "produce": "orders", "count": 3, "key": { "cycle": ["a", null, { "hex": "6f" }] }, "value": { "oneOf": ["a-{{index}}", 1, [2]] } },
            { "produce": "orders", "messages": { "file": "orders.jsonl" } },
            { "produce": "orders", "messages": [{ "value": { "file": "order.json" } }] } ] }
        """#
}
