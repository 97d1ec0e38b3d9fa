import KrunDiagnostics
import KrunJSON
import Testing

@Suite struct NodeTests {
    @Test func valuesAreRead() throws {
        let root = try parse(
            #" { "n": null, "t": true, "f": false, "i": -42, "r": 3.0, "s": "a\n\u00e9😀\ud83d\ude00" } "#)
        #expect(root.kind == .object)
        #expect(root.count == 6)
        #expect(root.members.map(\.name) == ["n", "t", "f", "i", "r", "s"])
        #expect(root.members.map(\.value.kind) == [.null, .boolean, .boolean, .integer, .real, .string])
        #expect(root["n"]?.isNull == true)
        #expect(root["t"]?.boolean == true)
        #expect(root["f"]?.boolean == false)
        #expect(root["i"]?.integer == -42)
        #expect(root["i"]?.number == -42)
        #expect(root["r"]?.integer == nil)
        #expect(root["r"]?.number == 3)
        #expect(root["s"]?.string == "a\né😀😀")
        #expect(root["x"] == nil)
        #expect(root.string == nil)
        #expect(root.elements.isEmpty)
    }

    @Test func limitsOfNumbersAreRead() throws {
        let numbers = try parse("[9223372036854775807, -9223372036854775808, 1.7976931348623157e308, 1e-999, -0, -0.0]")
        #expect(numbers.elements.map(\.integer) == [.max, .min, nil, nil, 0, nil])
        #expect(numbers.elements.map(\.number)[2...] == [.greatestFiniteMagnitude, 0, 0, 0])
    }

    @Test func aRootMayBeAnyValue() throws {
        #expect(try parse(" \"x\"\n").string == "x")
        #expect(try parse("1").integer == 1)
        #expect(try parse("[]").elements.isEmpty)
        #expect(try parse("\"\"").string == "")
    }

    @Test func namesAreComparedAsBytes() throws {
        let root = try parse("{ \"\u{E9}\": 1, \"e\u{301}\": 2, \"\\u0061\": 3, \"\": 4 }")
        #expect(root["\u{E9}"]?.integer == 1)
        #expect(root["e\u{301}"]?.integer == 2)
        #expect(root["a"]?.integer == 3)
        #expect(root[""]?.integer == 4)
    }

    @Test func largeObjectsAreSearchedByName() throws {
        let text = "{" + (0..<500).map { "\"k\\u0030\($0)\":\($0)" }.joined(separator: ",") + "}"
        let root = try parse(text)
        #expect((0..<500).allSatisfy { root["k0\($0)"]?.integer == Int64($0) })
        #expect(root["k0500"] == nil)
        let twice = text.replacing("\"k\\u0030499\"", with: "\"k07\"")
        #expect(errors(Array(twice.utf8)).map(\.title) == ["the name \"k07\" stands twice in the same object"])
    }

    @Test func valuesAreFoundAtTheirPlaces() throws {
        let text = "{ \"é😀\" : [ 1,\r\n\t\"鍵\", { \"b\":null } ],\n\n \"c\": {} }"
        let document = try JSONDocument.parse(Array(text.utf8), file: "a.json")
        var work = [document.root]
        var found = 0
        while let node = work.popLast() {
            #expect(document.value(at: node.place)?.id == node.id)
            #expect(Array(text.utf8)[node.sourceRange] == node.sourceText)
            if node.keyPlace != node.place { #expect(document.value(at: node.keyPlace) == nil) }
            work += node.elements + node.members.map(\.value)
            found += 1
        }
        #expect(found == 7)
        for (line, column) in [(1, 2), (9, 1), (3, 1), (1, 400)] {
            let place = Place(file: "a.json", line: line, column: column, length: 1, path: "", excerpt: "")
            #expect(document.value(at: place) == nil)
        }
    }

    @Test func textsStayAsWritten() throws {
        let root = try parse("{ \"a\" : [ 3.10 , 1e5, -0,\n\t\"x \\u0041\\\" y\" ] }")
        #expect(String(decoding: root.compactText, as: UTF8.self) == #"{"a":[3.10,1e5,-0,"x \u0041\" y"]}"#)
        #expect(root["a"].map { String(decoding: $0.elements[1].sourceText, as: UTF8.self) } == "1e5")
        #expect(String(decoding: try parse(" \"a b\\\\\" ").compactText, as: UTF8.self) == "\"a b\\\\\"")
    }

    @Test func pathsNameEveryStep() throws {
        let root = try parse(
            ##"{ "a": { "two words": [0, 1, 2, { "é": 1, "_x1": 2, "1x": 3, "\u0062": 4, "q\"": 5 }] } }"##)
        let list = try #require(root["a"]?["two words"])
        #expect(root.path == "$")
        #expect(list.elements[2].path == #"$.a["two words"][2]"#)
        let start = #"$.a["two words"][3]"#
        #expect(
            list.elements[3].members.map(\.value.path)
                == [".é", "._x1", #"["1x"]"#, ".b", #"["q\""]"#].map { start + $0 })
    }

    @Test func placesAreLinesAndColumns() throws {
        let root = try parse("{\r\n  \"é😀\": \"ab\",\n\t\"list\": [\n1,\n  2 ] }")
        let text = try #require(root["é😀"])
        #expect(
            text.place
                == Place(file: "a.json", line: 2, column: 9, length: 4, path: "$.é😀", excerpt: "  \"é😀\": \"ab\","))
        #expect(text.keyPlace.column == 3)
        #expect(text.keyPlace.length == 4)
        #expect(root.members[0].place == text.keyPlace)
        let list = try #require(root["list"])
        #expect([list.place.line, list.place.column, list.place.length] == [3, 10, 1])
        #expect(list.elements.map(\.place.line) == [4, 5])
        #expect(list.elements.map(\.place.column) == [1, 3])
        #expect(list.elements[1].keyPlace == list.elements[1].place)
        #expect([root.place.line, root.place.column, root.place.length] == [1, 1, 1])
    }

    @Test func placesInsideStrings() throws {
        let text = try parse(#"["aé\n\u0041\uD83D\uDE00😀{{x}}"]"#).elements[0]
        func place(_ offset: Int, _ length: Int) -> [Int] {
            let place = text.place(ofScalarsAt: offset, length: length)
            return [place.column, place.length]
        }
        #expect(text.string == "aé\nA😀😀{{x}}")
        #expect(place(0, 1) == [3, 1])
        #expect(place(1, 1) == [4, 1])
        #expect(place(2, 1) == [5, 2])
        #expect(place(3, 1) == [7, 6])
        #expect(place(4, 1) == [13, 12])
        #expect(place(5, 1) == [25, 1])
        #expect(place(6, 5) == [26, 5])
        #expect(place(2, 4) == [5, 21])
        #expect(place(6, 99) == [26, 5])
        #expect(place(11, 1) == [31, 1])
        #expect(place(99, 3) == [31, 1])
        #expect(place(0, 0) == [3, 1])
        #expect(try parse("12").place(ofScalarsAt: 1, length: 1).length == 2)
    }

    @Test(arguments: [
        ("1", "1.0", true), ("1e2", "100", true), ("1", "2", false), ("0.1", "0.10", true), ("-0", "0", true),
        ("9007199254740993", "9007199254740992.0", false), ("9223372036854775807", "9223372036854775808.0", false),
        ("9007199254740993.0", "9007199254740992.0", false), ("0.1", "0.10000000000000000001", false),
        ("1e300", "10e299", true), ("1", "\"1\"", false), ("true", "true", true), ("true", "false", false),
        ("null", "null", true),
        ("null", "false", false), (#""\u0061""#, "\"a\"", true), ("\"\u{E9}\"", "\"e\u{301}\"", false),
        ("[1, 2]", "[1,2.0]", true), ("[1, 2]", "[2, 1]", false), ("[1]", "[1, 1]", false), ("[]", "{}", false),
        (#"{ "a": 1, "b": [{}] }"#, #"{"b":[{}],"a":1}"#, true), (#"{ "a": 1 }"#, #"{ "b": 1 }"#, false),
        (#"{ "a": 1 }"#, #"{ "a": 1, "b": 1 }"#, false), (#"{ "\u0061": 1 }"#, #"{ "a": 1 }"#, true),
    ])
    func equalityIsByValue(_ a: String, _ b: String, _ equal: Bool) throws {
        #expect(JSONNode.isEqual(try parse(a), try parse(b)) == equal)
        #expect(JSONNode.isEqual(try parse(b), try parse(a)) == equal)
    }
}
