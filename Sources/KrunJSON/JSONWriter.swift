import KrunDiagnostics

/// A JSON value to be written.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// What JSON cannot write, NaN and infinities, is written as `null`.
    case real(Double)
    /// A number in JSON's syntax, whatever its size and as many digits as it has.
    case exact(String)
    case string(String)
    case array([JSONValue])
    /// Written in this order; names are not checked for duplicates.
    case object([Member])

    /// A member of an object.
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The value as JSON, without a line break at the end.
    ///
    /// Characters beyond ASCII are written as they are; a real with the fewest digits, 15 to 17, that mean the same.
    ///
    /// - Parameter pretty: with a line per element and member, two spaces deeper per level; otherwise on one line.
    public func text(pretty: Bool) -> String {
        var writer = JSONWriter(isPretty: pretty)
        writer.write(self, depth: 0)
        return String(decoding: writer.text, as: UTF8.self)
    }
}

extension JSONValue {
    /// A value of a document, to be written again: a real with the fewest digits that mean the same, a number that is no `Int64` and no `Double`
    /// as it was written.
    public init(_ node: JSONNode) {
        switch node.kind {
        case .null: self = .null
        case .boolean: self = .boolean(node.boolean ?? false)
        case .integer:
            self = node.integer.map { .integer($0) } ?? .exact(String(decoding: node.sourceText, as: UTF8.self))
        case .real: self = JSONValue(real: node)
        case .string: self = .string(node.string ?? "")
        case .array: self = .array(node.elements.map { JSONValue($0) })
        case .object: self = .object(node.members.map { Member($0.name, JSONValue($0.value)) })
        }
    }
}

extension JSONValue {
    fileprivate init(real node: JSONNode) {
        if let number = node.number {
            let text = JSONValue.real(number).text(pretty: false)
            if JSONNumber(Array(text.utf8)[...]) == node.exactNumber {
                self = .real(number)
                return
            }
        }
        self = .exact(String(decoding: node.sourceText, as: UTF8.self))
    }
}

/// Writes a value: brackets and white space are its own, strings and numbers are Jansson's.
///
/// Jansson dumps a whole tree with one precision for all reals, by which either 0.1 gets 17 digits or another real loses
/// its last ones; it dumps leaf by leaf here.
struct JSONWriter {
    let isPretty: Bool
    var text: [UInt8] = []

    init(isPretty: Bool) {
        self.isPretty = isPretty
    }

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: text += "null".utf8
        case .boolean(let boolean): text += (boolean ? "true" : "false").utf8
        case .integer(let integer): Jansson.appendText(of: integer, to: &text)
        case .real(let real): write(real)
        case .exact(let digits): text += digits.utf8
        case .string(let string): write(string)
        case .array(let elements):
            writeList(elements, "[", "]", depth) { writer, element in
                writer.write(element, depth: depth + 1)
            }
        case .object(let members):
            writeList(members, "{", "}", depth) { writer, member in
                writer.write(member.name)
                writer.text += (writer.isPretty ? ": " : ":").utf8
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    /// What Jansson leaves as it is and a terminal would obey is an escape, which means the same.
    private mutating func write(_ string: String) {
        let start = text.count
        Jansson.appendText(of: string, to: &text)
        guard !text[start...].allSatisfy({ $0 < 0x7F }) else { return }
        let written = String(decoding: text[start...], as: UTF8.self)
        guard !written.unicodeScalars.allSatisfy(TerminalText.isSafe) else { return }
        text.removeSubrange(start...)
        for scalar in written.unicodeScalars {
            if TerminalText.isSafe(scalar) {
                text += UTF8.encode(scalar)!
            } else {
                for unit in UTF16.encode(scalar)! {
                    let digits = String(unit, radix: 16, uppercase: true)
                    text += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
                }
            }
        }
    }

    private mutating func write(_ real: Double) {
        guard real.isFinite else {
            text += "null".utf8
            return
        }
        for digits in 15...17 {
            var candidate: [UInt8] = []
            Jansson.appendText(of: real, digits: digits, to: &candidate)
            if digits == 17 || Double(String(decoding: candidate, as: UTF8.self)) == real {
                text += candidate
                return
            }
        }
    }

    private mutating func writeList<Item>(
        _ items: [Item], _ opening: String, _ closing: String, _ depth: Int,
        _ writeItem: (inout JSONWriter, Item) -> Void
    ) {
        text += opening.utf8
        for (position, item) in items.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            breakLine(depth + 1)
            writeItem(&self, item)
        }
        if !items.isEmpty { breakLine(depth) }
        text += closing.utf8
    }

    private mutating func breakLine(_ depth: Int) {
        guard isPretty else { return }
        text.append(UInt8(ascii: "\n"))
        text += repeatElement(UInt8(ascii: " "), count: 2 * depth)
    }
}
