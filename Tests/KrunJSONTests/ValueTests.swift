import KrunDiagnostics
import KrunJSON
import Testing

@Suite struct ValueTests {
    static let example = JSONValue.object([
        .init("name", .string("größe 😀 \"\\/\n\u{1}\0")),
        .init("numbers", .array([.integer(.min), .real(0.1), .real(3), .real(0.1 + 0.2), .real(1e100), .real(.nan)])),
        .init("empty", .array([.array([]), .object([]), .string("")])),
        .init("flags", .array([.boolean(true), .boolean(false), .null])),
        .init("a\0\"", .integer(0)),
    ])

    /// They mean the same to whoever reads JSON, and nothing to a terminal.
    @Test func whatSteersATerminalIsAnEscape() {
        let hostile = JSONValue.object([
            .init("\u{202E}é", .string("\u{1B}[2J \u{7F} \u{9B}2J \u{202E}\u{2066}\u{2028} \u{E0041} 👩‍🚀"))
        ])
        #expect(
            hostile.text(pretty: false)
                == #"{"\u202Eé":"\u001B[2J \u007F \u009B2J \u202E\u2066\u2028 \uDB40\uDC41 👩‍🚀"}"#)
    }

    @Test func zerosAreReadWhereTheyMayBe() throws {
        let text = Array(#"["a\u0000b"]"#.utf8)
        let document = try JSONDocument.parse(text, file: "a.json", allowsNUL: true)
        #expect(document.root.elements.map(\.string) == ["a\0b"])
        #expect(throws: Diagnostics.self) { try JSONDocument.parse(text, file: "a.json") }
        #expect(throws: Diagnostics.self) {
            try JSONDocument.parse(Array(#"{"a\u0000b":1}"#.utf8), file: "a.json", allowsNUL: true)
        }
    }

    @Test func prettyText() {
        #expect(
            Self.example.text(pretty: true) == #"""
                {
                  "name": "größe 😀 \"\\/\n\u0001\u0000",
                  "numbers": [
                    -9223372036854775808,
                    0.1,
                    3.0,
                    0.30000000000000004,
                    1e100,
                    null
                  ],
                  "empty": [
                    [],
                    {},
                    ""
                  ],
                  "flags": [
                    true,
                    false,
                    null
                  ],
                  "a\u0000\"": 0
                }
                """#)
    }

    @Test func compactText() {
        #expect(
            Self.example.text(pretty: false)
                == [
                    #"{"name":"größe 😀 \"\\/\n\u0001\u0000","numbers":[-9223372036854775808,0.1,3.0,0.30000000000000004,1e100,"#,
                    #"null],"empty":[[],{},""],"flags":[true,false,null],"a\u0000\"":0}"#,
                ].joined())
    }

    /// What the writer wrote is read as what it was given, at the place where it stands.
    @Test func whatIsWrittenIsRead() throws {
        var random = SeededRandom(seed: 42)
        for _ in 0..<40 {
            let value = randomValue(depth: 0, &random)
            for pretty in [true, false] {
                let text = value.text(pretty: pretty)
                let root = try parse(text)
                #expect(read(root) == value)
                #expect(read(try parse(String(decoding: root.compactText, as: UTF8.self))) == value)
                if !pretty { #expect(String(decoding: root.compactText, as: UTF8.self) == text) }
                checkPlaces(root, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
            }
        }
    }

    private func checkPlaces(_ node: JSONNode, lines: [Substring]) {
        let place = node.place
        let line = lines[place.line - 1]
        let source = String(decoding: node.sourceText, as: UTF8.self).unicodeScalars.prefix { $0 != "\n" }
        #expect(line.unicodeScalars.dropFirst(place.column - 1).prefix(place.length).elementsEqual(source))
        let text = node.string.map { Array($0.unicodeScalars) } ?? []
        for (offset, scalar) in text.enumerated() where scalar.value >= 0x80 {
            let place = node.place(ofScalarsAt: offset, length: 1)
            #expect(line.unicodeScalars.dropFirst(place.column - 1).first == scalar)
        }
        for element in node.elements { checkPlaces(element, lines: lines) }
        for member in node.members {
            #expect(JSONNode.isEqual(node[member.name]!, member.value))
            checkPlaces(member.value, lines: lines)
        }
    }

    private func randomValue(depth: Int, _ random: inout SeededRandom) -> JSONValue {
        switch Int.random(in: 0...(depth < 4 ? 7 : 4), using: &random) {
        case 0: return .null
        case 1: return .boolean(Bool.random(using: &random))
        case 2: return .integer(Int64(bitPattern: random.next()) >> Int.random(in: 0...63, using: &random))
        case 3:
            let real = Double(bitPattern: random.next())
            return .real(real.isFinite ? real : 0.5)
        case 4: return .string(randomString(&random))
        case 5: return .array((0..<5).map { _ in randomValue(depth: depth + 1, &random) })
        default:
            let count = Int.random(in: 0...16, using: &random)
            return .object(
                (0..<count).map {
                    .init("\(randomString(&random))\($0)", randomValue(depth: depth + 1, &random))
                })
        }
    }

    private func randomString(_ random: inout SeededRandom) -> String {
        let alphabet: [Unicode.Scalar] = [
            "a", "b", " ", "\"", "\\", "/", "\n", "\u{1}", "\u{7F}", "é", "語", "😀", "{", "]",
        ]
        var string = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &random) { string.append(alphabet.randomElement(using: &random)!) }
        return String(string)
    }

    private func read(_ node: JSONNode) -> JSONValue {
        switch node.kind {
        case .null: .null
        case .boolean: .boolean(node.boolean!)
        case .integer: .integer(node.integer!)
        case .real: .real(node.number!)
        case .string: .string(node.string!)
        case .array: .array(node.elements.map(read))
        case .object: .object(node.members.map { .init($0.name, read($0.value)) })
        }
    }
}

/// What is wrong with a text, a paragraph per error: `line:column+length path`, then title, label and notes.
func summary(_ bytes: [UInt8]) -> String {
    errors(bytes).map { error in
        let place = error.place.map { "\($0.line):\($0.column)+\($0.length) \($0.path)" } ?? "nowhere"
        let label = error.label.isEmpty ? [] : ["^ \(error.label)"]
        let kind = error.kind == .invalid ? [] : ["kind \(error.kind)"]
        return (["\(place): \(error.title)"] + label + error.notes.map { "= \($0)" } + kind)
            .joined(separator: "\n")
    }.joined(separator: "\n")
}

/// All that is wrong with a text; empty when it is JSON.
func errors(_ bytes: [UInt8]) -> [Diagnostic] {
    do {
        _ = try JSONDocument.parse(bytes, file: "a.json")
        return []
    } catch {
        return error.all
    }
}

func parse(_ text: String) throws(Diagnostics) -> JSONNode {
    try JSONDocument.parse(Array(text.utf8), file: "a.json").root
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
