import KrunJSON
import KrunPatterns
import Testing

@testable import KrunJSONPath

/// Values found in raw bytes: what is sure, what is not, and that it is never otherwise than in the document.
@Suite(.timeLimit(.minutes(3))) struct PlaceTests {
    private static func place(_ path: String, _ bytes: [UInt8]) throws -> String {
        let path = try JSONPath(path)
        return bytes.withUnsafeBytes { text in
            switch path.place(in: text) {
            case .found(let range): String(decoding: bytes[range], as: UTF8.self)
            case .absent: "absent"
            case .unsure: "unsure"
            }
        }
    }

    @Test(arguments: [
        ("$", "7", "7"), ("$", #" {"a": [1, 2]} "#, #"{"a": [1, 2]}"#), ("$.a", #"{"a":1}"#, "1"),
        ("$.a", #"{ "b" : 0 , "a" : "x\n\u00e9" , "c":null}"#, #""x\n\u00e9""#), ("$.a", #"{"b":1}"#, "absent"),
        ("$.a", "[1]", "absent"), ("$[0]", #"{"0":1}"#, "absent"), ("$[1]", "[1, [2] , 3]", "[2]"),
        ("$[3]", "[1]", "absent"),
        ("$.a.b[0].c", #"{"a":{"b":[{"c":{"d":[]}}]}}"#, #"{"d":[]}"#), ("$.a.b", #"{"b":1,"a":{"a":1}}"#, "absent"),
        ("$['a b']", #"{"a b":true}"#, "true"), ("$['']", #"{"":false}"#, "false"),
        ("$.é", #"{"é":-1.5e-7}"#, "-1.5e-7"),
        ("$.customer", #"{"custome":1,"customer2":2,"customer":3,"Customer":4}"#, "3"),
        ("$.customerid", #"{"customerie":1,"customerid":2}"#, "2"), ("$.customerid", #"{"customer":1}"#, "absent"),
        ("$.a", #"{"x":{"a":1},"a":2}"#, "2"), ("$.a.a", #"{"x":{"a":{"a":1}},"a":{"b":{"a":0},"a":2}}"#, "2"),
        ("$", "1e400", "1e400"),
        ("$[1]", "[-0.5E-1000,123456789012345678901234567890]", "123456789012345678901234567890"),
    ])
    func sure(_ path: String, _ text: String, _ expected: String) throws {
        #expect(try Self.place(path, Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        "", " ", "{", #"{"a":1"#, #"{"a":1}}"#, #"{"a":1,}"#, #"{"a" 1}"#, #"{"a":}"#, #"{a:1}"#, "[1,]", "[1 2]",
        "1 2",
        "tru", "trueish", "nul", "fals", "NaN", "01", "1.", ".5", "1e", "+1", "-", "1e+",
        #"{"a":1,"a":1}"#, #"{"b":{"a":1,"a":1}}"#, #"{"customers1":1,"customers2":2,"customers1":3}"#,
        #"{"\u0061":1}"#,
        #"["\u0000"]"#, #"["\ud83d"]"#, #"["\x"]"#, "[\"\t\"]", "\"a", "\u{FEFF}1",
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
        "{" + (0..<65).map { #""n\#($0)":1"# }.joined(separator: ",") + "}",
    ])
    func unsure(_ text: String) throws {
        for path in ["$", "$.a", "$[0]"] { #expect(try Self.place(path, Array(text.utf8)) == "unsure") }
    }

    @Test func wrongBytes() throws {
        for bytes: [UInt8] in [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE0, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0],
        ] {
            #expect(try Self.place("$", [0x22] + bytes + [0x22]) == "unsure")
            #expect(try Self.place("$", [0x22] + bytes + Array("12345678\"".utf8)) == "unsure")
        }
    }

    @Test func asLargeAsADocument() throws {
        let text = Array(repeating: UInt8(ascii: " "), count: JSONDocument.sizeLimit - 1) + [UInt8(ascii: "7")]
        #expect(try Self.place("$", text) == "7")
        #expect(try Self.place("$", text + [UInt8(ascii: " ")]) == "unsure")
    }

    @Test(arguments: ["$.*", "$..a", "$[-1]", "$[0,1]", "$[?@.a]", "$[0:1]"])
    func neverOfOtherPaths(_ path: String) throws {
        #expect(try Self.place(path, Array("[1]".utf8)) == "unsure")
        #expect(try JSONPathSet([JSONPath("$"), JSONPath(path)]) == nil)
    }

    @Test func severalAtOnce() throws {
        let paths = try ["$.a", "$.b[1]", "$.b", "$", "$.c", "$.a", "$.b[1].a"].map { path throws in try JSONPath(path)
        }
        let set = try #require(JSONPathSet(paths))
        #expect(set.count == 7)
        let text = Array(#"{"b":[0,{"a":5}],"a":7}"#.utf8)
        var ranges: [Range<Int>?] = []
        #expect(text.withUnsafeBytes { set.find(in: $0, into: &ranges) })
        #expect(
            ranges.map { $0.map { String(decoding: text[$0], as: UTF8.self) } } == [
                "7", #"{"a":5}"#, #"[0,{"a":5}]"#, #"{"b":[0,{"a":5}],"a":7}"#, nil, "7", "5",
            ])
        #expect(Array("[1".utf8).withUnsafeBytes { !set.find(in: $0, into: &ranges) })
        #expect(JSONPathSet([]) == nil)
        #expect(JSONPathSet(Array(repeating: paths[0], count: 64)) != nil)
        #expect(JSONPathSet(Array(repeating: paths[0], count: 65)) == nil)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func agreesWithTheDocument(_ seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        var counts = (found: 0, absent: 0, wrong: 0)
        for _ in 0..<3_000 {
            let text = random.text()
            let texts = try (0..<4).map { _ throws in try JSONPath(random.path()) }
            let set = try #require(JSONPathSet(texts))
            let root = try? JSONDocument.parse(text, file: "value.json").root
            var ranges: [Range<Int>?] = []
            let isSure = text.withUnsafeBytes { set.find(in: $0, into: &ranges) }
            for (path, range) in zip(texts, ranges) {
                let place = text.withUnsafeBytes { path.place(in: $0) }
                let note = Comment(rawValue: "\(path.text) in \(String(decoding: text, as: UTF8.self))")
                #expect(place == (isSure ? range.map { .found($0) } ?? .absent : .unsure), note)
                guard place != .unsure else {
                    counts.wrong += 1
                    continue
                }
                let node = try #require(root, note)
                let first = try path.first(in: node, within: PatternBudget())
                switch place {
                case .found(let range):
                    #expect(first.map { Array($0.sourceText) } == Array(text[range]), note)
                    #expect(first?.sourceText.startIndex == range.lowerBound, note)
                    counts.found += 1
                default:
                    #expect(first?.path == nil, note)
                    counts.absent += 1
                }
            }
        }
        // It must have been about something.
        #expect(counts.found > 1_000 && counts.absent > 1_000 && counts.wrong > 1_000)
    }
}

/// Texts that are JSON or nearly so, and paths into them.
private struct RandomJSON {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    private mutating func below(_ count: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 11) % count
    }

    private mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

    private static let names = [
        "a", "b", "c", "id", "name", "customer", "customer1", "customer2", "é", "long name with é in it", "",
    ]

    mutating func path() -> String {
        (0..<below(4)).reduce(into: "$") { path, _ in
            path += below(3) == 0 ? "[\(below(3))]" : "['\(one(of: Self.names))']"
        }
    }

    mutating func text() -> [UInt8] {
        var text = Array(value(depth: 0).utf8)
        if below(3) == 0, !text.isEmpty { spoil(&text) }
        return text
    }

    private mutating func value(depth: Int) -> String {
        let blank = below(6) == 0 ? one(of: [" ", "\n", "\t", "\r\n", "  "]) : ""
        switch below(depth > 3 ? 6 : depth == 0 ? 12 : 10) {
        case 0: return blank + one(of: ["true", "false", "null"])
        case 1, 2:
            return one(of: [
                "0", "-0", "1", "-12", "3.25", "1e5", "-1E-7", "123456789012345678", "9223372036854775807", "1e300",
                "0.1", "1e+20",
            ]) + blank
        case 3, 4, 5:
            return blank + "\""
                + (0..<below(6)).map { _ in
                    one(of: [
                        "a", "é", "日", "😀", "\\n", "\\u00e9", "\\\"", "\\\\", "\\ud83d\\ude00", "longer text", " ", "/",
                        "\u{7F}",
                    ])
                }.joined() + "\""
        case 6, 7:
            return blank + "[" + (0..<below(4)).map { _ in value(depth: depth + 1) }.joined(separator: ",") + "]"
                + blank
        default:
            // Now and then a name stands twice.
            var names = (0..<below(5)).map { _ in one(of: Self.names) }
            if below(8) != 0 {
                names = names.enumerated().filter { index, name in !names[..<index].contains(name) }.map(\.1)
            }
            return "{" + names.map { "\"\($0)\"" + blank + ":" + value(depth: depth + 1) }.joined(separator: ",") + "}"
                + blank
        }
    }

    private mutating func spoil(_ text: inout [UInt8]) {
        let place = below(text.count)
        switch below(4) {
        case 0: text.remove(at: place)
        case 1: text.insert(one(of: Array("{}[],:\"\\ 01.eE-tn".utf8) + [0xC3, 0x80, 0xFF, 0x1F, 0]), at: place)
        case 2: text[place] = UInt8(truncatingIfNeeded: below(256))
        default: text.removeLast(text.count - place)
        }
    }
}
