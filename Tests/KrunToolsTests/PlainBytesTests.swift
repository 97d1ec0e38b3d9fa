import Testing

@testable import KrunTools

@Suite(.timeLimit(.minutes(1)))
struct PlainBytesTests {
    private func appended(_ bytes: [UInt8], onTerminal: Bool) -> [UInt8] {
        var line = Array("> ".utf8)
        bytes.withUnsafeBytes { PlainBytes.append($0, onTerminal: onTerminal, to: &line) }
        return line
    }

    private static let hostile =
        Array("\u{1B}[2J a\tb\n\rå€😀\u{202E}\u{9B}\u{7F}".utf8) + [0x9B, 0xE2, 0x82, 0x41, 0, 0xFF]

    @Test func elsewhereTheyAreAsTheyAre() {
        #expect(appended(Self.hostile, onTerminal: false) == Array("> ".utf8) + Self.hostile)
    }

    @Test func nothingSteersATerminal() {
        let text = #"> \u001B[2J a"# + "\tb\n" + #"\u000Då€😀\u202E\u009B\u007F\x9B\xE2\x82A\u0000\xFF"#
        #expect(String(decoding: appended(Self.hostile, onTerminal: true), as: UTF8.self) == text)
        #expect(appended([], onTerminal: true) == Array("> ".utf8))
    }
}
