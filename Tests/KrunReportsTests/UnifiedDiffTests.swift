import KrunDiagnostics
import KrunReports
import Testing

/// What differs between two texts, as `diff -u` shows it.
struct UnifiedDiffTests {
    private func diff(_ old: String, _ new: String, limit: Int? = nil) -> String {
        UnifiedDiff(Array(old.utf8), Array(new.utf8)).text(style: .plain, limit: limit)
    }

    @Test func nothing() {
        #expect(diff("", "") == "")
        #expect(diff("a\nb\n", "a\nb\n") == "")
        #expect(UnifiedDiff(Array("a".utf8), Array("a".utf8)).isEmpty)
        #expect(!UnifiedDiff(Array("a".utf8), Array("a\n".utf8)).isEmpty)
    }

    @Test func oneLineWithThoseAroundIt() {
        #expect(
            diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") == """
                @@ -2,7 +2,7 @@
                 2
                 3
                 4
                -5
                +five
                 6
                 7
                 8

                """)
    }

    @Test func beginningsAndEnds() {
        #expect(diff("", "a\n") == "@@ -0,0 +1 @@\n+a\n")
        #expect(diff("a\n", "") == "@@ -1 +0,0 @@\n-a\n")
        #expect(diff("a\nb\n", "b\n") == "@@ -1,2 +1 @@\n-a\n b\n")
        #expect(diff("b\n", "b\nc\nd\n") == "@@ -1 +1,3 @@\n b\n+c\n+d\n")
    }

    @Test func linesWithoutAnEnd() {
        #expect(
            diff("a\nb", "a\nb\n") == "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n")
        #expect(
            diff("a\nb\n", "a\nb") == "@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n")
        #expect(diff("a\nb", "c\nb") == "@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n")
        #expect(diff("a", "b") == "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n")
    }

    /// Two that are near share their lines; two that are not have each their own.
    @Test func severalPlaces() {
        let lines = (1...30).map(String.init)
        func changed(_ numbers: Int...) -> String {
            lines.enumerated().map { numbers.contains($0 + 1) ? "x\n" : "\($1)\n" }.joined()
        }
        let old = changed()
        #expect(diff(old, changed(5, 12)).split(separator: "\n").count { $0.hasPrefix("@@") } == 1)
        #expect(diff(old, changed(5, 12)).hasPrefix("@@ -2,14 +2,14 @@\n"))
        let apart = diff(old, changed(5, 13))
        #expect(apart.hasPrefix("@@ -2,7 +2,7 @@\n") && apart.contains("\n@@ -10,7 +10,7 @@\n 10\n"))
        #expect(
            diff(old, changed(1, 20, 25), limit: 3) == "@@ -1,4 +1,4 @@\n-1\n+x\n 2\n… and 4 more lines\n")
        #expect(diff(old, changed(1), limit: 1) == "@@ -1,4 +1,4 @@\n-1\n… and 1 more line\n")
    }

    @Test func terminalsAreSafe() {
        #expect(diff("a\r\n", "\u{1B}[2J\n") == "@@ -1 +1 @@\n-a\\u000D\n+\\u001B[2J\n")
        #expect(
            UnifiedDiff(Array("a\n".utf8), Array("b\n".utf8)).text(style: .colour)
                == "\u{1B}[34m@@ -1 +1 @@\u{1B}[0m\n\u{1B}[31m-a\u{1B}[0m\n\u{1B}[32m+b\u{1B}[0m\n")
        let long = diff("\(String(repeating: "x", count: 1_000))\n", "")
        #expect(long == "@@ -1 +0,0 @@\n-\(String(repeating: "x", count: 300))…\n")
    }

    /// Too much to compare line by line: what is as long as before is compared in pairs.
    @Test func much() {
        let old = (0..<4_000).map { "\($0)\n" }
        var new = old
        new[10] = "x\n"
        new[3_990] = "y\n"
        let text = diff(old.joined(), new.joined())
        #expect(text.split(separator: "\n").count == 18)
        new.insert("z\n", at: 2_000)
        let whole = diff(old.joined(), new.joined())
        #expect(whole.hasPrefix("@@ -8,3987 +8,3988 @@\n 7\n 8\n 9\n-10\n-11\n"))
    }

    /// To take the lines that go and add those that come makes one text of the other.
    @Test func applied() {
        var random = SplitMix(state: 11)
        for _ in 0..<2_000 {
            let old = Self.text(&random)
            var lines = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0...lines.count, using: &random)
                if place < lines.count, Bool.random(using: &random) { lines.remove(at: place) }
                if Bool.random(using: &random) { lines.insert("new", at: min(place, lines.count)) }
            }
            let new = lines.joined(separator: "\n")
            #expect(Self.apply(diff(old, new), to: old) == new, "\(old.debugDescription) \(new.debugDescription)")
        }
    }

    private static func text(_ random: inout SplitMix) -> String {
        let lines = (0..<Int.random(in: 0...20, using: &random)).map { _ in
            ["a", "b", "", "c"].randomElement(using: &random)!
        }
        return lines.joined(separator: "\n") + (Bool.random(using: &random) ? "\n" : "")
    }

    /// As `patch` does.
    private static func apply(_ diff: String, to old: String) -> String {
        var rest = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let endsInLine = rest.last != ""
        if !endsInLine { rest.removeLast() }
        var made: [String] = []
        var taken = 0
        var lastHasEnd = !endsInLine
        var last: Character = " "
        for line in diff.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if let head = line.firstMatch(of: /^@@ -(\d+)(?:,(\d+))?/) {
                let start = Int(head.1)! - (head.2 == "0" ? 0 : 1)
                made += rest[taken..<start]
                taken = start
                continue
            }
            if line.hasPrefix("\\") {
                if last != "-" { lastHasEnd = false }
                continue
            }
            last = line.first!
            if last != "-" {
                made.append(String(line.dropFirst()))
                lastHasEnd = true
            }
            if last != "+" { taken += 1 }
        }
        if taken < rest.count {
            made += rest[taken...]
            lastHasEnd = !endsInLine
        }
        return made.isEmpty ? "" : made.joined(separator: "\n") + (lastHasEnd ? "\n" : "")
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
