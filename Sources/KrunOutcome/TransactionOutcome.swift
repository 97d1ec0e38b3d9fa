/// What a `transaction` step brought about: how it ended what a producer had left open.
public struct TransactionOutcome: Hashable, Sendable {
    /// The name in the file.
    public var producer: String
    /// How it was to end.
    public var end: TransactionEnd
    /// Kafka's name of the error with which it failed; nil where it did not.
    public var error: String?
    /// Until the transaction was over in every partition.
    public var duration: Duration = .zero

    public init(producer: String, end: TransactionEnd) {
        self.producer = producer
        self.end = end
    }
}

/// How a transaction is ended.
public enum TransactionEnd: String, Hashable, Sendable, CaseIterable {
    case commit
    case abort
}

/// The transaction that a produce step's messages belong to, when the step is over.
public enum TransactionFate: String, Hashable, Sendable, CaseIterable {
    case open
    case committed
    case aborted
    /// Nobody said how it ended.
    case unknown
}

/// Names of Kafka's errors that mean the same.
public enum ErrorName {
    /// That another producer has taken over a transactional id.
    public static let fenced = "PRODUCER_FENCED"

    /// A coordinator says the first, a partition's leader and older coordinators the second, librdkafka the third.
    private static let ofFencing = [fenced, "INVALID_PRODUCER_EPOCH", "_FENCED"]

    /// The one name under which an error is reported.
    public static func canonical(_ name: String) -> String { ofFencing.contains(name) ? fenced : name }

    /// All names that mean the error, the canonical one first.
    public static func spellings(of name: String) -> [String] { ofFencing.contains(name) ? ofFencing : [name] }
}
