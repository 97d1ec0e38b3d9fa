import Foundation

/// Changes files in ways that people, editors and other programs would, and in some that nobody would.
struct FileMutator {
    private static let values = [
        "null", "true", "-1", "0", "3.5", "9223372036854775807", "1e400", "\"\"", "\"x\"", "\"{{n}}\"", "\"{{none}}\"",
        "\"{{index}}\"", "\"{{1/(index-3)}}\"", "\"{{\"", "\"{{{{\"", "{}", "[]", "[[]]", "{ \"min\": 1 }",
        "{ \"matches\": \"(a|b)*[^c]{2,}\" }", "{ \"matches\": \"[[[\" }", "{ \"bytes\": 100000000 }",
        "{ \"hex\": \"0g\" }", "\"note\"",
        "\"produce\"", "\"count\"", "\"orders/9\"", "\"e\\u0301\"", "\"\\u00e9\"", "\"5s\"", "\"16KiB\"",
        "\"2026-01-01T00:00:00Z\"",
    ]
    private static let longest = 1 << 17

    var random: SplitMix64

    mutating func mutate(_ file: [UInt8], other: [UInt8]) -> [UInt8] {
        var file = file
        for _ in 0..<Int.random(in: 1...4, using: &random) where !file.isEmpty {
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1, 2: replaceValue(in: &file)
            case 3: repeatPart(of: &file)
            case 4: file[place(in: file)] = UInt8.random(in: 0...255, using: &random)
            case 5:
                let start = place(in: file)
                file.removeSubrange(start..<min(file.count, start + Int.random(in: 1...40, using: &random)))
            case 6:
                // The beginning of one, the end of another.
                let start = place(in: file)
                file.removeSubrange(start...)
                file += other.dropFirst(start)
            default: insertMember(into: &file)
            }
            if file.count > Self.longest { file.removeSubrange(Self.longest...) }
        }
        return file
    }

    private mutating func place(in file: [UInt8]) -> Int { Int.random(in: 0..<file.count, using: &random) }

    /// Puts another value in the place of what follows a colon or a comma.
    private mutating func replaceValue(in file: inout [UInt8]) {
        let signs = file.indices.filter { file[$0] == UInt8(ascii: ":") || file[$0] == UInt8(ascii: ",") }
        guard let sign = signs.randomElement(using: &random) else { return }
        let ends: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")]
        let end = file[(sign + 1)...].firstIndex { ends.contains($0) } ?? file.count
        file.replaceSubrange(sign + 1..<end, with: Array(Self.values.randomElement(using: &random)!.utf8))
    }

    /// Repeats an element or a part of a text over and over.
    private mutating func repeatPart(of file: inout [UInt8]) {
        let start = place(in: file)
        let part = file[start..<min(file.count, start + Int.random(in: 1...60, using: &random))]
        let times = Int.random(in: 1...300, using: &random)
        file.insert(contentsOf: Array(repeatElement(part, count: times).joined()), at: start)
    }

    private mutating func insertMember(into file: inout [UInt8]) {
        let braces = file.indices.filter { file[$0] == UInt8(ascii: "{") }
        guard let brace = braces.randomElement(using: &random) else { return }
        let names = ["x", "coun", "expect", "client", "values", "config", "allow", "headers", "until"]
        let value = Self.values.randomElement(using: &random)!
        file.insert(contentsOf: Array("\"\(names.randomElement(using: &random)!)\": \(value), ".utf8), at: brace + 1)
    }
}
