import Foundation
import KrunDiagnostics
import KrunJSON
import Testing

/// What fits on a line stands on one, and no byte of a value is another.
@Suite("JSON Layout") struct JSONLayoutTests {
    private func text(_ source: String) throws -> String {
        let document = try JSONDocument.parse(Array(source.utf8), file: "test.json")
        return String(decoding: try JSONLayout(document).text(), as: UTF8.self)
    }

    @Test(arguments: [
        ("1", "1\n"), (" \"x\" ", "\"x\"\n"), ("[ ]", "[]\n"), ("{\n}", "{}\n"),
        ("{\"a\":[1,2 ,{\"b\":null}],\"c\":{}}", "{ \"a\": [1, 2, { \"b\": null }], \"c\": {} }\n"),
        (
            #"[3.10,1e5,-0,1E+2,"x \u0041\" \/",true]"#, #"[3.10, 1e5, -0, 1E+2, "x \u0041\" \/", true]"# + "\n"
        ),
    ])
    func whatFits(_ source: String, _ expected: String) throws {
        #expect(try text(source) == expected)
    }

    /// 100 columns with the comma and the margin, and not one more.
    @Test func theWidthOfALine() throws {
        func list(_ length: Int) -> String { "[\"\(String(repeating: "x", count: length - 4))\"]" }
        #expect(try text(list(100)) == list(100) + "\n")
        #expect(try text(list(101)) == "[\n  \(list(101).dropFirst().dropLast())\n]\n")
        // "  " before it, and a comma behind the first.
        #expect(try text("[\(list(97)), \(list(98))]") == "[\n  \(list(97)),\n  \(list(98))\n]\n")
        let broken = "[\n    \(list(98).dropFirst().dropLast())\n  ]"
        #expect(try text("[\(list(98)), \(list(98))]") == "[\n  \(broken),\n  \(list(98))\n]\n")
        // The name counts.
        #expect(try text("{\"name\":\(list(90))}") == "{\n  \"name\": \(list(90))\n}\n")
        #expect(
            try text("{\"name\":\(list(91))}")
                == "{\n  \"name\": [\n    \(list(91).dropFirst().dropLast())\n  ]\n}\n")
        // Of wide characters each takes two.
        let wide = String(repeating: "鍵", count: 48)
        #expect(try text("[\"\(wide)\"]") == "[\"\(wide)\"]\n")
        #expect(try text("[\"\(wide)鍵\"]") == "[\n  \"\(wide)鍵\"\n]\n")
    }

    @Test func membersInAnotherOrder() throws {
        let document = try JSONDocument.parse(Array(#"{ "b": 1, "a": [2, 3], "c": {} }"#.utf8), file: "test.json")
        var layout = JSONLayout(document)
        layout.order(document.root, document.root.members.sorted { $0.name < $1.name })
        #expect(String(decoding: try layout.text(), as: UTF8.self) == #"{ "a": [2, 3], "b": 1, "c": {} }"# + "\n")
        document.root.members.forEach { layout.breakApart($0.value) }
        #expect(
            String(decoding: try layout.text(), as: UTF8.self)
                == "{\n  \"a\": [\n    2,\n    3\n  ],\n  \"b\": 1,\n  \"c\": {}\n}\n")
    }

    /// The margins of a text that is nested deep take more than the text.
    @Test func whatWouldBecomeTooLarge() throws {
        let numbers = Array(repeating: "1", count: 5_000).joined(separator: ",")
        let source = String(repeating: "[", count: 2_000) + numbers + String(repeating: "]", count: 2_000)
        do {
            _ = try text(source)
            Issue.record("it was laid out")
        } catch let error as Diagnostics {
            #expect(error.all.map(\.title) == ["test.json would be larger than 8 MiB with each value on its own line"])
            #expect(error.all.map(\.notes) == [["its values are nested too deep for a file of that size"]])
            #expect(error.all.map(\.kind) == [.invalid])
        }
    }

    @Test("whatever it is, it stays the same value, and is laid out once")
    func random() throws {
        var random = SeededRandom(seed: 3)
        var broken = 0
        for _ in 0..<1_500 {
            let source = Self.value(depth: 0, &random)
            let document = try JSONDocument.parse(Array(source.utf8), file: "test.json")
            var layout = JSONLayout(document)
            Self.arrange(document.root, &layout, &random)
            let once = try layout.text()
            let again = try JSONDocument.parse(once, file: "test.json")
            #expect(JSONNode.isEqual(document.root, again.root), "\(source)")
            #expect(Self.words(document.root) == Self.words(again.root), "\(source)")
            if again.root.kind == .object || again.root.kind == .array {
                #expect(
                    try JSONLayout(again).text()
                        == JSONLayout(JSONDocument.parse(JSONLayout(again).text(), file: "")).text())
            }
            for line in String(decoding: once, as: UTF8.self).split(separator: "\n")
            where TerminalText.cells(String(line)) > JSONLayout.width {
                broken += 1
                // Nothing in it can have a line of its own.
                #expect(!line.contains("{ ") && !line.contains("["), "\(line)")
            }
        }
        #expect(broken > 10)
    }

    /// All that is no bracket or white space, as it was written; sorted, for members may change places.
    private static func words(_ node: JSONNode) -> [String] {
        var words: [String] = []
        var work = [node]
        while let node = work.popLast() {
            switch node.kind {
            case .array: work += node.elements
            case .object:
                words += node.members.map { "\($0.name):" }
                work += node.members.map(\.value)
            default: words.append(String(decoding: node.sourceText, as: UTF8.self))
            }
        }
        return words.sorted()
    }

    private static func arrange(_ node: JSONNode, _ layout: inout JSONLayout, _ random: inout SeededRandom) {
        if Int.random(in: 0..<10, using: &random) == 0 { layout.breakApart(node) }
        if node.kind == .object { layout.order(node, node.members.shuffled(using: &random)) }
        for child in node.elements + node.members.map(\.value) { arrange(child, &layout, &random) }
    }

    private static func value(depth: Int, _ random: inout SeededRandom) -> String {
        func space() -> String { ["", " ", "\n", "\t", " \r\n "].randomElement(using: &random)! }
        let scalars = [
            "null", "true", "false", "0", "-0", "3.10", "1e5", "9223372036854775807", "\"\"", "\"a\\\"b\"",
            "\"\\u00e9\\/\"", "\"{{index % 3}}\"", "\"鍵 and 😀\"", "\"[{ }]\"",
            "\"\(String(repeating: "long ", count: 22))\"",
        ]
        let count = Int.random(in: 0..<6, using: &random)
        switch Int.random(in: 0..<(depth > 6 ? 1 : 4), using: &random) {
        case 0: return scalars.randomElement(using: &random)!
        case 1:
            let elements = (0..<count).map { _ in space() + value(depth: depth + 1, &random) + space() }
            return "[\(elements.joined(separator: ","))\(space())]"
        default:
            let names = ["a", "b", "a long name", "\\u0063", "dé", "note"].shuffled(using: &random).prefix(count)
            let members = names.map { "\(space())\"\($0)\"\(space()):\(space())" + value(depth: depth + 1, &random) }
            return "{\(members.joined(separator: ","))\(space())}"
        }
    }
}
