import Foundation
import KrunDiagnostics
import Testing

@testable import KrunScenario

/// Payloads that stand in files, and those that are one of several.
@Suite("Payload Forms", .timeLimit(.minutes(1))) struct PayloadFormTests {
    private static let folder: [String: [UInt8]] = [
        "order.json": Array("{\"id\": 1}\n".utf8), "empty": [], "bytes": [0, 255],
    ]

    private func messages(_ messages: String) throws -> [MessageTemplate] {
        let text = scenario(steps: "{ \"produce\": \"orders\", \(messages) }")
        let scenario = try Scenario.decode(
            Array(text.utf8), file: "test.json", files: FolderFiles(contents: Self.folder))
        guard case .produce(let produce) = scenario.steps[0].action else { return [] }
        return produce.messages
    }

    @Test("a file is sent as its bytes are, wherever a payload stands")
    func file() throws {
        let message = try #require(
            try messages(
                #"""
                "messages": [{ "key": { "file": "bytes" }, "value": { "file": "order.json" },
                  "headers": { "a": { "file": "empty" } } }]
                """#
            ).first)
        #expect(bytes(message.value) == "{\"id\": 1}\n")
        #expect(bytes(message.headers[0].value) == "")
        guard case .constant(let key) = message.key else {
            Issue.record("it is \(message.key)")
            return
        }
        #expect(key == [0, 255])
    }

    @Test("an object with more members than \"file\" is JSON")
    func plain() throws {
        let message = try messages(#""messages": [{ "value": { "file": "order.json", "id": 1 } }]"#)[0]
        #expect(bytes(message.value) == #"{"file":"order.json","id":1}"#)
    }

    @Test("each message has the next one of a cycle")
    func cycle() throws {
        let message = try messages(
            #""count": 7, "key": { "cycle": ["a", null, "b-{{index}}", { "file": "order.json" }, { "hex": "6f" }, 3.10, [1, 2]] }"#
        )[0]
        let keys = (0..<8).map { bytes(message.key.inTurn(at: $0), index: $0) }
        #expect(keys == ["a", nil, "b-2", "{\"id\": 1}\n", "o", "3.10", "[1,2]", "a"])
        #expect(message.key.isCertain)
    }

    @Test("a choice of one is no choice")
    func single() throws {
        let message = try messages(#""count": 2, "key": { "oneOf": ["a"] }, "value": { "cycle": [null] }"#)[0]
        #expect(bytes(message.key) == "a")
        #expect(!message.key.isDrawn)
        #expect(bytes(message.value) == nil)
    }

    @Test(
        "whether something depends on the seed",
        arguments: [
            (#"{ "cycle": ["a", "b"] }"#, false), (#"{ "cycle": ["a", { "bytes": 5 }] }"#, true),
            (#"{ "cycle": ["a", "{{uuid}}"] }"#, true), (#"{ "oneOf": ["a", "b"] }"#, true),
        ])
    func seed(payload: String, isDrawn: Bool) throws {
        let text = scenario(steps: "{ \"produce\": \"orders\", \"count\": 1, \"value\": \(payload) }")
        #expect(try decode(text).usesSeed == isDrawn)
    }

    @Test("one of them is drawn as often as the others, and for the same message always the same")
    func drawn() {
        var counts = [0, 0, 0]
        for index in 0..<30_000 { counts[PayloadTemplate.drawn(of: 3, seed: 7, index: Int64(index))] += 1 }
        #expect(counts.allSatisfy { (9_500...10_500).contains($0) })
        #expect(
            (0..<100).map { PayloadTemplate.drawn(of: 3, seed: 7, index: $0) }
                == (0..<100).map { PayloadTemplate.drawn(of: 3, seed: 7, index: $0) })
    }

    @Test(
        "how many bytes they come to at least",
        arguments: [
            (#""count": 5, "value": { "cycle": ["a", "bbb"] }"#, 9),
            (#""count": 1, "value": { "cycle": ["a", "bbb"] }"#, 1),
            (#""count": 5, "value": { "oneOf": ["aa", "bbb"] }"#, 10),
            (#""count": 3, "value": { "oneOf": [null, "bbb"] }, "key": { "cycle": [null, "b-{{index}}"] }"#, 3),
            (#""count": 4, "headers": { "a": { "cycle": ["1", "22", "333"] } }, "value": "x""#, 15),
        ] as [(String, Int64)])
    func leastBytes(messages: String, bytes: Int64) throws {
        let scenario = try decode(scenario(steps: "{ \"produce\": \"orders\", \(messages) }"))
        #expect(scenario.fault(ofSendingMoreThan: bytes) == nil)
        #expect(
            scenario.fault(ofSendingMoreThan: bytes - 1)?.label == "with these messages it is \(bytes) bytes")
    }

    static let faults = [
        Fault(
            "a cycle has something in it", steps: #"{ "produce": "orders", "count": 1, "value": { "cycle": [] } }"#,
            """
            6:56-57 "cycle" is empty
              ^ there is nothing to send
            """),
        Fault(
            "a choice is written out", steps: #"{ "produce": "orders", "count": 1, "value": { "oneOf": "{{box}}" } }"#,
            """
            6:56-64 wrong type for "oneOf"
              ^ expected a list of payloads, found a string "{{box}}"
            """),
        Fault(
            "there is no choice within a choice",
            steps: #"{ "produce": "orders", "count": 1, "value": { "oneOf": ["a", { "cycle": ["b", "c"] }] } }"#,
            """
            6:64-70 "cycle" within a choice
              ^ one payload is expected here
              = to send the object itself, write { "json": { "cycle": … } }
            """),
        Fault(
            "what is in a choice is checked",
            steps:
                #"{ "produce": "orders", "count": 3, "value": { "cycle": ["{{1 / (index - 2)}}", { "hex": "0g" }] } }"#,
            """
            6:60-74 the expression has no value at index 2
              ^ it divides by zero, or its result is beyond 64 bits
            6:91 "hex" does not hold hexadecimal digits
              ^ not a hexadecimal digit
            """),
        Fault(
            "a key that no message of a cycle has",
            steps: """
                { "produce": "orders", "count": 3, "key": { "cycle": ["alice", "bob-{{index}}"] },
                  "expect": { "keys": { "alice": {}, "bob-1": {}, "bob-2": {}, "alise": {} } } }
                """,
            """
            7:51-57 key "bob-2" is never sent to "orders"
              ^ no message of this step has it
            7:64-70 key "alise" is never sent to "orders"
              ^ did you mean "alice"?
              = no message of this step has it
            """),
        Fault(
            "a key that is not one of those",
            steps: """
                { "produce": "orders", "count": 3, "key": { "oneOf": ["alice", "bob"] },
                  "expect": { "keys": { "alice": {}, "carol": {} } } }
                """,
            """
            7:38-44 key "carol" is never sent to "orders"
              ^ no message of this step has it
            """),
        Fault(
            "several keys are not expected as one",
            steps: """
                { "produce": "orders", "count": 3,
                  "expect": { "keys": [{ "key": { "cycle": ["a", "b"] } }] } }
                """,
            """
            7:33-55 "cycle" and "oneOf" cannot be expected
              ^ they are several keys
            """),
        Fault(
            "a scenario that is in no folder reads no files",
            steps: #"{ "produce": "orders", "messages": [{ "value": { "file": "order.json" } }] }"#,
            """
            6:58-69 cannot read the file "order.json"
              ^ this scenario has no folder
              = one that comes from stdin or from a pipe has none: save it to a file, beside those that it names
            """),
        Fault(
            "which file is known before the scenario begins",
            steps: #"{ "produce": "orders", "messages": [{ "value": { "file": "{{uuid}}" } }] }"#,
            """
            6:58-67 the name of a file is known only while the scenario runs
              ^ files are read before it begins
            """),
    ]

    @Test("what is wrong is said", arguments: faults)
    func said(_ fault: Fault) { #expect(problems(fault.text) == fault.expected) }

    @Test("keys of a cycle lie where they are certain to")
    func places() throws {
        let steps = { (keys: String) in
            """
            { "produce": "orders", "count": 4, "key": \(keys), "partition": "{{index % 2}}" },
            { "consume": "orders", "expect": { "keys": { "a": { "values": [1, 2] } } } }
            """
        }
        // Messages 0 and 2 are on partition 0.
        #expect(problems(scenario(steps: steps(#"{ "cycle": ["a", "b"] }"#))) == "")
        #expect(
            problems(scenario(steps: steps(#"{ "cycle": ["a", "a", "b"] }"#)))
                == """
                7:63-68 the values of key "a" have no order
                  ^ they are on partitions 0, 1
                  = only records of one partition have an order
                  = expect them in whatever order, with { "anyOrder": [ … ] }, or send them to one partition
                """)
        // Nobody knows which of them it is.
        #expect(problems(scenario(steps: steps(#"{ "oneOf": ["a", "b"] }"#))) == "")
    }

    @Test("a topic that is compacted wants a key in each turn")
    func compacted() {
        let file = { (key: String) in
            """
            { "name": "test", "topics": [{ "name": "orders", "config": { "cleanup.policy": "compact" } }],
              "steps": [{ "produce": "orders", "count": 2, "key": \(key) }] }
            """
        }
        #expect(problems(file(#"{ "cycle": ["a", null] }"#)).contains("a message to \"orders\" has no key"))
        #expect(problems(file(#"{ "cycle": ["a", "b", null] }"#)) == "")
        #expect(problems(file(#"{ "oneOf": ["a", null] }"#)) == "")
    }
}

/// The files of a scenario's folder, on a disk.
@Suite("Folder Files", .timeLimit(.minutes(1))) struct FolderFilesTests {
    private let root: URL
    private let files: FolderFiles

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "krun-test-\(UUID().uuidString)")
        let manager = FileManager.default
        let folder = root.appending(path: "scenarios")
        try manager.createDirectory(at: folder.appending(path: "below"), withIntermediateDirectories: true)
        try Data("inside".utf8).write(to: folder.appending(path: "order.json"))
        try Data("below".utf8).write(to: folder.appending(path: "below/order.json"))
        try Data("secret".utf8).write(to: root.appending(path: "secret"))
        for (name, target) in [
            ("near", "order.json"), ("elsewhere", "../secret"), ("circle", "circle"), ("nowhere", "gone"),
            ("up", ".."), ("absolute", "/etc/passwd"),
        ] {
            try manager.createSymbolicLink(atPath: folder.appending(path: name).path, withDestinationPath: target)
        }
        #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
        files = FolderFiles(besideScenario: folder.appending(path: "test.json").path)
    }

    private func read(_ name: String) -> String {
        defer { try? FileManager.default.removeItem(at: root) }
        do throws(FolderFiles.Fault) {
            return String(decoding: try files.bytes(of: name), as: UTF8.self)
        } catch {
            return error.label
        }
    }

    @Test(
        "what is in the folder is read, and nothing else is",
        arguments: [
            ("order.json", "inside"), ("./order.json", "inside"), ("below/order.json", "below"),
            ("below/../order.json", "inside"), ("near", "inside"), ("elsewhere", "it is not in the scenario's folder"),
            ("up/secret", "it is not in the scenario's folder"), ("absolute", "it is not in the scenario's folder"),
            ("/etc/passwd", "it is not in the scenario's folder"), ("../secret", "it is not in the scenario's folder"),
            ("below/../../secret", "it is not in the scenario's folder"), ("gone", "there is no such file"),
            ("nowhere", "there is no such file"), ("order.json/x", "there is no such file"),
            ("circle", "a link in it leads in a circle"), ("below", "it is a folder"),
            (".", "it is a folder"),
            ("pipe", "it is no regular file"), ("", "the name of a file is empty"),
        ])
    func kinds(name: String, expected: String) { #expect(read(name) == expected) }

    @Test("a file is read once")
    func once() throws {
        let file = root.appending(path: "scenarios/order.json")
        #expect(try files.bytes(of: "order.json") == Array("inside".utf8))
        try Data("changed".utf8).write(to: file)
        #expect(read("order.json") == "inside")
    }

    @Test("all files of a scenario together have a limit")
    func limit() throws {
        let half = [UInt8](repeating: 0x61, count: 40 << 20)
        let files = FolderFiles(contents: ["a": half, "b": half, "c": [0x61]])
        #expect(try files.bytes(of: "a").count == half.count)
        #expect(try files.bytes(of: "a").count == half.count)
        let fault = #expect(throws: FolderFiles.Fault.self) { try files.bytes(of: "b") }
        #expect(
            fault?.label
                == "it has 41943040 bytes, more than the 25165824 that are left of the 67108864 (64 MiB) that a scenario may read"
        )
        #expect(try files.bytes(of: "c") == [0x61])
    }
}
