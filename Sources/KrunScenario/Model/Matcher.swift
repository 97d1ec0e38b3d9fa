public import KrunJSON
public import KrunJSONPath
public import KrunPatterns

/// What a value must be.
public struct Matcher: Sendable {
    /// What holds for a value that matches.
    public indirect enum Rule: Sendable {
        case equals(Operand)
        case oneOf([Operand])
        /// A regular expression that must be found somewhere in the text; `^` and `$` anchor it.
        case matches(Pattern)
        /// A part of a text, or of a JSON value: of objects and lists some, however deep.
        case contains(Operand)
        /// Both ends included; at least one is there.
        case range(min: Operand?, max: Operand?)
        /// Whether there is anything: no tombstone, no null key, a header of that name, something where a path leads.
        case exists(Bool)
        case not(Matcher)
        /// How many elements a list has, members an object, or scalars a text.
        case size(Matcher)
        /// What stands first where the paths lead; all must match.
        case path([PathMatcher])
        /// A JSON list of these elements, in whatever order.
        case anyOrder([Operand])
        /// Compared as JSON, also where it is a text.
        case json(JSONNode)
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

    /// What must hold.
    public let rule: Rule
    /// The literal or the object, for its place.
    public let node: JSONNode
}

/// What must stand first where a path leads within a JSON value.
public struct PathMatcher: Sendable {
    public let path: JSONPath
    public let matcher: Matcher
}
