/// A key, or the messages without one, as the subject of a sentence.
struct KeySubject {
    /// nil for messages without a key.
    let key: [UInt8]?

    var name: String { key.map { "key \(KeyText.quoted($0))" } ?? "messages without a key" }

    func verb(_ singular: String, _ plural: String) -> String {
        key == nil ? plural : singular
    }

    var isOrAre: String { verb("is", "are") }
}
