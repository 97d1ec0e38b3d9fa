import KrunJSON
import KrunScenario
import Testing

@testable import KrunTools

@Suite(.timeLimit(.minutes(1)))
struct PayloadTextTests {
    @Test(
        arguments: [
            ("", ""), ("{", "{"), ("{{", "{{{{"), ("{{{", "{{{{{"), ("{{{{", "{{{{{{{{"), ("{a{{b}}{", "{a{{{{b}}{"),
            ("{ {", "{ {"), ("}}", "}}"),
        ])
    func bracesAreDoubled(text: String, escaped: String) {
        #expect(PayloadText.escaped(text) == escaped)
    }

    /// All texts of up to six of these characters come out of the language as they were.
    @Test func theLanguageReadsWhatWasMeant() throws {
        let alphabet = Array("{}x\"".utf8)
        var texts: [[UInt8]] = [[]]
        for _ in 0..<6 {
            texts += texts.filter { $0.count == texts.last?.count }.flatMap { text in alphabet.map { text + [$0] } }
        }
        let messages = texts.map { JSONValue.object([JSONValue.Member("value", PayloadText.json($0))]) }
        let scenario = JSONValue.object([
            JSONValue.Member("name", .string("test")),
            JSONValue.Member("topics", .array([.object([JSONValue.Member("name", .string("t"))])])),
            JSONValue.Member(
                "steps",
                .array([
                    .object([JSONValue.Member("produce", .string("t")), JSONValue.Member("messages", .array(messages))])
                ])),
        ])
        let decoded = try Scenario.decode(Array(scenario.text(pretty: false).utf8), file: "test.json")
        guard case .produce(let step) = decoded.steps[0].action else { throw Missing() }
        #expect(step.messages.count == texts.count && texts.count > 5000)
        for (message, text) in zip(step.messages, texts) {
            guard case .constant(let bytes) = message.value else { throw Missing() }
            #expect(bytes == text)
        }
    }

    private struct Missing: Error {}
}
