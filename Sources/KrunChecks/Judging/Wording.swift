/// The words in which a verb speaks of messages.
struct Wording {
    let isProduce: Bool

    /// What became of a message: `sent` or `read`. Only the acknowledged ones count as sent.
    var participle: String { isProduce ? "sent" : "read" }

    func partitionMessages(_ place: String) -> String {
        isProduce
            ? "\(place) received another number of messages than expected"
            : "another number of messages was read from \(place) than expected"
    }
}
