import Testing

@testable import KrunTools

@Suite(.timeLimit(.minutes(1)))
struct FormatStringTests {
    @Test func lettersAndEscapesAreRead() throws {
        #expect(
            try FormatString(#"%t/%p@%o %T %k(%K)=%s(%S) %h 100%%\n\t\\\x41"#).parts == [
                .topic, .text(Array("/".utf8)), .partition, .text(Array("@".utf8)), .offset, .text(Array(" ".utf8)),
                .timestamp, .text(Array(" ".utf8)), .key, .text(Array("(".utf8)), .keyLength, .text(Array(")=".utf8)),
                .value, .text(Array("(".utf8)), .valueLength, .text(Array(") ".utf8)), .headers,
                .text(Array(" 100%\n\t\\A".utf8)),
            ])
    }

    @Test(arguments: [
        ("%q", "%q means nothing; \(FormatString.letters)"),
        ("50%", "% at the end means nothing; \(FormatString.letters)"),
        (#"%s\q"#, #"\q means nothing; "# + FormatString.letters),
        (#"%s\"#, #"\ at the end means nothing; "# + FormatString.letters),
        (#"%s\x4"#, #"\x takes two hexadecimal digits"#),
    ])
    func mistakesAreTold(_ text: String, _ reason: String) {
        #expect(throws: FormatString.Problem(reason: reason)) { try FormatString(text) }
    }
}
