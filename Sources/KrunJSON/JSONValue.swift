/// A JSON value to be written.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// What JSON cannot write, NaN and infinities, is written as `null`.
    case real(Double)
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
