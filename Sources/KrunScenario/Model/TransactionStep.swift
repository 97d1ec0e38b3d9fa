public import KrunOutcome

/// `{ "transaction": "till-1", … }`: ends the transaction that a producer has left open.
public struct TransactionStep: Sendable {
    /// The producer's name in the file.
    public let producer: String
    /// How it ends.
    public let end: TransactionEnd
    /// Empty when the file expects nothing.
    public let expect: TransactionExpectation
}

/// The `expect` block of a transaction step: the same names as in its outcome; what is not mentioned is not judged.
public struct TransactionExpectation: Sendable {
    /// Compared as text: with it the step must fail so.
    public var error: Matcher?
    /// Its values are durations.
    public var duration: Matcher?

    public static let none = TransactionExpectation()

    public init() {}
}

/// With which error a produce step must fail.
public enum ErrorExpectation: Sendable {
    /// The name of the step's error, compared as text.
    case name(Matcher)
    /// How many messages failed with which error.
    case counts([Count])

    public struct Count: Sendable {
        public let name: String
        public let messages: Matcher
    }
}
