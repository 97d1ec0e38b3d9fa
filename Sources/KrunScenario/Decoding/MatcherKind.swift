/// What kind of value a matcher is for; it decides what may be written.
enum MatcherKind {
    /// A number of things.
    case count
    /// An offset or a lag, which may be unknown: `null`.
    case offset
    /// A partition's number, which must exist; `partitions` is nil where their number is not known.
    case partition(topic: String, partitions: Int?)
    case duration
    /// A record's value: any JSON.
    case payload

    /// As in a sentence.
    var expected: String {
        switch self {
        case .count, .partition: "a whole number or a matcher"
        case .offset: "a whole number, null or a matcher"
        case .duration: "a duration such as \"500ms\", or a matcher"
        case .payload: "a value or a matcher"
        }
    }
}
