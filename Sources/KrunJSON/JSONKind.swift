/// What a JSON value is.
public enum JSONKind: String, Hashable, Sendable {
    case null
    case boolean
    case integer
    case real
    case string
    case array
    case object
}
