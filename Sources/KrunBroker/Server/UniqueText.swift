/// Text that nobody else has, in the form of a UUID, as Kafka makes member ids with.
enum UniqueText {
    static func make() -> String {
        let digits = (0..<2).map { _ in
            let number = String(UInt64.random(in: 0...(.max)), radix: 16)
            return String(repeating: "0", count: 16 - number.count) + number
        }.joined()
        let cuts = [8, 12, 16, 20, 32]
        var (parts, start) = ([Substring](), digits.startIndex)
        for cut in cuts {
            let end = digits.index(digits.startIndex, offsetBy: cut)
            parts.append(digits[start..<end])
            start = end
        }
        return parts.joined(separator: "-")
    }
}
