import KrunDiagnostics
import KrunJSON
import Testing

/// What is refused before it is read as JSON, and texts made to be trouble.
@Suite(.timeLimit(.minutes(1)))
struct TextTests {
    @Test func aByteThatIsNotUTF8IsNamed() {
        #expect(
            summary(Array("{\n \"ä\": \"".utf8) + [0xE9] + Array("t\"}".utf8)) == """
                2:8+1 : the file is not UTF-8: the byte 0xE9 at offset 10 fits no character
                = save it as UTF-8; in messages { "base64": … } and { "hex": … } carry any byte
                """)
    }

    @Test(arguments: [[0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82]])
    func whatIsNoUTF8IsRefused(_ broken: [UInt8]) {
        let text = Array("[\"é".utf8) + broken + Array("\"]".utf8)
        let byte = String(broken[0], radix: 16, uppercase: true)
        #expect(
            errors(text).map(\.title) == ["the file is not UTF-8: the byte 0x\(byte) at offset 4 fits no character"])
        #expect(errors(text).first?.place?.column == 4)
    }

    @Test func utf16IsRecognised() {
        let text: [UInt8] = [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]
        #expect(summary(text) == "1:1+1 : the file is encoded in UTF-16\n= save it as UTF-8")
    }

    @Test func aTextBeyondTheLimitIsRefused() {
        let space = [UInt8](repeating: 0x20, count: JSONDocument.sizeLimit)
        #expect(
            summary(space + [0x31]) == """
                1:1+1 : the file has 8388609 bytes, more than the 8388608 (8 MiB) that are read
                = split it into several files
                """)
        #expect(errors(space.dropLast() + [0x31]) == [])
    }

    @Test(arguments: ["[", "{\"a\":"])
    func deepNestingIsRefused(_ opening: String) {
        let text = String(repeating: opening, count: 10_000)
        let error = errors(Array(text.utf8)).first
        #expect(error?.title == "a value is nested more than 2048 levels deep")
        #expect(error?.label == "this is level 2049")
        #expect(error?.place?.column == 2048 * opening.utf8.count + 1)
    }

    @Test func nestingUpToTheLimitIsRead() throws {
        let text = String(repeating: "[", count: 2048) + String(repeating: "]", count: 2048)
        let root = try parse(text)
        #expect(JSONNode.isEqual(root, try parse(text)))
        #expect(String(decoding: root.compactText, as: UTF8.self) == text)
        #expect(summary(Array(text.replacing("[]", with: "[1]").utf8)).hasPrefix("1:2049+1 "))
    }

    @Test func aLongLineIsShownInPart() throws {
        let text = "[" + String(repeating: "\"é\",", count: 50_000) + "x" + String(repeating: ",1", count: 50_000) + "]"
        let place = try #require(errors(Array(text.utf8)).first?.place)
        #expect(place.column == 200_002)
        #expect(place.path == "$[50000]")
        #expect(place.excerptColumn == 199_942)
        #expect(place.isExcerptCut)
        #expect(
            place.excerpt
                == String(repeating: "\"é\",", count: 15) + "x" + String(repeating: ",1", count: 49) + ",")
    }

    @Test func theEndOfALongLineIsShownInFull() throws {
        let text = "[\n" + String(repeating: " ", count: 500) + "]x"
        let place = try #require(errors(Array(text.utf8)).first?.place)
        #expect(place.column == 502)
        #expect(place.excerptColumn == 343)
        #expect(!place.isExcerptCut)
        #expect(place.excerpt == String(repeating: " ", count: 158) + "]x")
    }

    @Test func theExcerptIsTheLineWithoutItsBreak() throws {
        let place = try #require(errors(Array("{\r\n  \"a\": x\r\n}\r\n".utf8)).first?.place)
        #expect(
            place
                == Place(
                    file: "a.json", line: 2, column: 8, length: 1, path: "$.a", excerpt: "  \"a\": x"))
    }

    @Test func manyDuplicatesAreCounted() {
        let text = "{" + String(repeating: "\"a\":1,", count: 2000) + "\"a\":1}"
        let errors = errors(Array(text.utf8))
        #expect(errors.count == 1000)
        #expect(
            errors.last?.notes == [
                "it stands first in line 1, column 2", "1000 more duplicate names are not shown",
            ])
    }

    /// Anything at all is either read or explained.
    @Test func garbageIsExplained() {
        var random = SeededRandom(seed: 7)
        let alphabet = Array("{}[]\":,\\u0 1-.eEtrufalsn\n\t'/*#é".utf8) + [0, 0xFF]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0...24, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
            for error in errors(text) {
                #expect(!error.title.hasPrefix("the text is not JSON"), "\(String(decoding: text, as: UTF8.self))")
                #expect(error.place != nil)
            }
        }
    }
}
