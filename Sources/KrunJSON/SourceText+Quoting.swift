/// Parts of the file as a sentence quotes them.
extension SourceText {
    /// How many scalars of a name, number or word are quoted.
    private static let quotedLength = 40

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// The text as it was written, cut where it is long.
    func quoted(_ range: Range<Int>) -> String {
        // A scalar has at most four bytes, so that not more than these need to be looked at.
        let start = text(range.prefix(4 * (Self.quotedLength + 1))).unicodeScalars
        if start.count <= Self.quotedLength { return text(range) }
        return String(String.UnicodeScalarView(start.prefix(Self.quotedLength))) + "…"
    }

    /// The name or string with its quotes as it was written, cut where it is long.
    func quotedString(_ range: Range<Int>) -> String {
        "\"\(quoted(range.dropFirst().dropLast()))\""
    }
}
