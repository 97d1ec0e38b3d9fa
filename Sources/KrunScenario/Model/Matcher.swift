public import KrunJSON

/// What a value must be.
public struct Matcher: Sendable {
    public indirect enum Rule: Sendable {
        case equals(Operand)
        case oneOf([Operand])
        /// A regular expression that must be found somewhere in the text; `^` and `$` anchor it.
        case matches(Pattern)
        /// Both ends included; at least one is there.
        case range(min: Operand?, max: Operand?)
    }

    /// What a value is compared with.
    public enum Operand: Sendable {
        /// A literal of the file, its content untouched.
        case json(JSONNode)
        /// Bytes, written as `{ "base64": … }` or `{ "hex": … }`.
        case bytes([UInt8], JSONNode)
        /// A duration, written as `"500ms"`.
        case duration(Duration, JSONNode)
    }

    public let rule: Rule
    /// The literal or the object, for its place.
    public let node: JSONNode
}
