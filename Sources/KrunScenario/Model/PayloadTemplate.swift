/// The bytes of a key, a value or a header's value.
public enum PayloadTemplate: Sendable {
    /// No key, or a tombstone.
    case null
    /// The same bytes in every message.
    case constant([UInt8])
    /// Bytes that depend on the message's index.
    case template(Template)
    /// So many letters, drawn once from the seed and the same in every message.
    case filler(Int)
}
