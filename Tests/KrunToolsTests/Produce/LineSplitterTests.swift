import Testing

@testable import KrunTools

@Suite(.timeLimit(.minutes(1)))
struct LineSplitterTests {
    /// The lines of a text that comes in portions of so many bytes.
    private func lines(_ text: String, portion: Int, limit: Int = 1 << 20) throws -> [String] {
        var rest = Array(text.utf8)[...]
        var splitter = LineSplitter(portion: 4, limit: limit)
        var lines: [String] = []
        while !splitter.isAtEnd {
            try splitter.fill { space in
                let part = rest.prefix(min(portion, space.count))
                rest = rest.dropFirst(part.count)
                space.copyBytes(from: part)
                return part.count
            }
            while let line = splitter.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        }
        return lines
    }

    @Test(arguments: 1...9)
    func linesOfAnyLengthInPortionsOfAnySize(_ portion: Int) throws {
        #expect(try lines("", portion: portion) == [])
        #expect(try lines("\n", portion: portion) == [""])
        #expect(
            try lines("a\n\nlonger than the buffer\nb\r\nc\rd\n\r\nlast", portion: portion)
                == ["a", "", "longer than the buffer", "b", "c\rd", "", "last"])
        #expect(try lines("a\r", portion: portion) == ["a\r"])
    }

    @Test func aLineIsNotKeptWithoutLimit() throws {
        #expect(try lines("0123456\n", portion: 3, limit: 8) == ["0123456"])
        #expect(throws: LineSplitter.LineTooLong.self) { try lines("012345678\n", portion: 3, limit: 8) }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct KeyedLineTests {
    private func split(_ text: String, separator: String = ":", tombstones: Bool = false) -> [String?] {
        Array(text.utf8).withUnsafeBytes { bytes in
            let line = KeyedLine(bytes, separator: Array(separator.utf8), emptyIsTombstone: tombstones)
            return [line.key, line.value].map { $0.map { String(decoding: $0, as: UTF8.self) } }
        }
    }

    @Test func theFirstSeparatorSplits() {
        #expect(split("alice:espresso") == ["alice", "espresso"])
        #expect(split("a:b:c") == ["a", "b:c"])
        #expect(split(":b") == ["", "b"])
        #expect(split("a:") == ["a", ""])
        #expect(split("espresso") == [nil, "espresso"])
        #expect(split("") == [nil, ""])
    }

    @Test func separatorsOfSeveralBytes() {
        #expect(split("a=b=>c", separator: "=>") == ["a=b", "c"])
        #expect(split("a=", separator: "=>") == [nil, "a="])
        #expect(split("=>", separator: "=>") == ["", ""])
        #expect(split("a\tb", separator: "\t") == ["a", "b"])
        #expect(split("a:b", separator: "") == [nil, "a:b"])
    }

    @Test func emptyValuesMayBeTombstones() {
        #expect(split("a:", tombstones: true) == ["a", nil])
        #expect(split("", tombstones: true) == [nil, nil])
        #expect(split("a:b", tombstones: true) == ["a", "b"])
    }
}

@Suite(.timeLimit(.minutes(1)))
struct PacerTests {
    @Test func messagesAreEvenlySpaced() {
        let start = ContinuousClock.now
        var pacer = Pacer(rate: 100, now: start)
        #expect(pacer.delay(now: start) == .zero)
        #expect(pacer.delay(now: start) == .milliseconds(10))
        #expect(pacer.delay(now: start + .milliseconds(10)) == .milliseconds(10))
        // A pause that took 5 ms too long is made up for.
        #expect(pacer.delay(now: start + .milliseconds(25)) == .milliseconds(5))
    }

    @Test func severalThatComeTogetherTakeTheirTurns() {
        let start = ContinuousClock.now
        var pacer = Pacer(rate: 100, now: start)
        #expect(pacer.next(after: 5, now: start) == start + .milliseconds(50))
        #expect(pacer.next(after: 0, now: start + .milliseconds(20)) == start + .milliseconds(50))
        // Those 10 ms that it was late are made up for, a minute of silence is not.
        #expect(pacer.next(after: 5, now: start + .milliseconds(60)) == start + .milliseconds(100))
        #expect(pacer.next(after: 1, now: start + .seconds(60)) == start + .seconds(60) - .milliseconds(90))
    }

    @Test(arguments: [
        (1e-10, Duration.seconds(1000)), (0.001, .seconds(1000)), (1e9, .nanoseconds(1)), (1e300, .nanoseconds(1)),
    ])
    func ratesEndSomewhere(_ rate: Double, _ interval: Duration) {
        let start = ContinuousClock.now
        var pacer = Pacer(rate: rate, now: start)
        _ = pacer.delay(now: start)
        #expect(pacer.delay(now: start) == interval)
    }

    @Test func silenceIsNotMadeUpFor() {
        let start = ContinuousClock.now
        var pacer = Pacer(rate: 10, now: start)
        _ = pacer.delay(now: start)
        let later = start + .seconds(60)
        #expect(pacer.delay(now: later) == .zero)
        #expect(pacer.delay(now: later) == .zero)
        #expect(pacer.delay(now: later) == .milliseconds(100))
    }
}
