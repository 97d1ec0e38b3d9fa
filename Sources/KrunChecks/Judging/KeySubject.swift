import KrunDiagnostics

/// A key, or the messages without one, as the subject of a sentence.
struct KeySubject {
    /// nil for messages without a key.
    let key: [UInt8]?

    var name: String { key.map { "key \(KeyText.quoted($0))" } ?? "messages without a key" }

    func verb(_ singular: String, _ plural: String) -> String {
        key == nil ? plural : singular
    }

    /// That field of it.
    func mismatch(_ field: String?, _ topic: String) -> Mismatch.Subject {
        .init(field, topic: topic, key: key.map { .bytes($0) } ?? Mismatch.Subject.Key.none)
    }

    var isOrAre: String { verb("is", "are") }
}
