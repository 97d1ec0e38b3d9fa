/// Texts that must never be shown, and what hides them, in whatever form they stand somewhere.
///
/// They are found as they are; escaped, as JSON, a terminal or a URL have them; as hex digits; within base64, wherever in it they begin; and
/// cut, before or behind a `…`.
public struct Secrets: Sendable {
    /// What stands for a secret wherever it is shown.
    public static let mask = "***"
    /// How many bytes a secret of a scenario has: a shorter one would be found in every text, and hiding it there would tell what it is.
    public static let lengths = 4...65_536
    /// Nothing to hide.
    public static let none = Secrets([])

    private let values: Set<[UInt8]>
    private let forms: [SecretForm]
    /// By byte: whether a form may begin with it.
    private let beginnings: [Bool]

    /// - Parameter values: empty ones hide nothing.
    public init(_ values: some Sequence<String>) {
        self.init(bytes: Set(values.map { Array($0.utf8) }))
    }

    private init(bytes values: Set<[UInt8]>) {
        self.values = values.filter { !$0.isEmpty }
        forms = self.values.flatMap { SecretForm.all(of: $0) }
        var beginnings = Array(repeating: false, count: 256)
        for byte in forms.flatMap({ $0.beginnings }) { beginnings[Int(byte)] = true }
        self.beginnings = beginnings
    }

    public var isEmpty: Bool { values.isEmpty }

    /// Those of both.
    public func union(_ other: Secrets) -> Secrets {
        if other.isEmpty { return self }
        return isEmpty ? other : Secrets(bytes: values.union(other.values))
    }

    /// The text with `***` for each secret in it.
    ///
    /// - Parameters:
    ///   - isCut: whether the text may have been longer, so that a secret may be cut at its end.
    ///   - isCutBefore: the same for its beginning.
    public func masked(_ text: String, isCut: Bool = false, isCutBefore: Bool = false) -> String {
        if isEmpty { return text }
        var copy = text
        let bytes = copy.withUTF8 {
            masked(SecretText(bytes: UnsafeRawBufferPointer($0), isCut: isCut, isCutBefore: isCutBefore))
        }
        return bytes.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// The bytes of a key, a value or a header, with `***` for each secret in them.
    public func masked(_ bytes: [UInt8]) -> [UInt8] {
        if isEmpty { return bytes }
        return bytes.withUnsafeBytes { masked(SecretText(bytes: $0, isCut: false, isCutBefore: false)) } ?? bytes
    }

    /// Nil where there is nothing to hide.
    private func masked(_ text: SecretText) -> [UInt8]? {
        let bytes = text.bytes
        var hidden: [Range<Int>] = []
        func hide(_ range: Range<Int>) {
            // What two secrets share is hidden once; one that begins in another ends where it ends.
            if let last = hidden.last, range.lowerBound < last.upperBound {
                hidden[hidden.count - 1] =
                    min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound)
            } else {
                hidden.append(range)
            }
        }
        func hideRest(from rest: Int) {
            if let end = forms.compactMap({ $0.endOfRest(in: text, at: rest) }).max() { hide(rest..<end) }
        }
        if text.isCutBefore { hideRest(from: 0) }
        for position in 0..<bytes.count {
            let byte = bytes[position]
            if beginnings[Int(byte)] {
                // Of several backslashes the first one speaks for all.
                if byte == UInt8(ascii: "\\"), position > 0, bytes[position - 1] == byte { continue }
                for form in forms {
                    if let range = form.range(in: text, at: position) { hide(range) }
                }
            }
            if text.isEllipsis(at: position) { hideRest(from: position + SecretText.ellipsis.count) }
        }
        if hidden.isEmpty { return nil }
        var masked: [UInt8] = []
        masked.reserveCapacity(bytes.count)
        var copied = 0
        for range in hidden {
            masked += bytes[copied..<range.lowerBound]
            masked += Self.mask.utf8
            copied = range.upperBound
        }
        return masked + bytes[copied...]
    }
}

extension Secrets: Hashable {
    public static func == (one: Secrets, other: Secrets) -> Bool { one.values == other.values }

    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

/// Shows how many there are and none of them, wherever it is printed.
extension Secrets: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "secrets: \(values.count)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
