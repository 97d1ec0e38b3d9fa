extension ProduceOutcome {
    /// Error and how many messages failed with it, the most frequent first; of the one that says the same from the client,
    /// before compression, and from a broker, after it, also from whom.
    public var errorsByOrigin: [(name: String, count: Int)] {
        let parts = errors.flatMap { name, count in
            guard name == Self.ambiguousError else { return [(name: name, count: count)] }
            let ofClient = refusedByClient[name] ?? 0
            return [(name: "\(name) from the client", count: ofClient), ("\(name) from the broker", count - ofClient)]
        }
        return parts.filter { $0.count > 0 }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// Whether the client, or a broker, found messages too large.
    public var tooLarge: (forClient: Bool, forBroker: Bool) {
        let ofClient = refusedByClient[Self.ambiguousError] ?? 0
        return (ofClient > 0, errors[Self.ambiguousError] ?? 0 > ofClient)
    }

    /// Notes with which error the step failed: its transaction's, or else that of the most messages.
    ///
    /// Of a producer that was fenced some messages are told so by a broker, others are given up by the client or not taken any more: all for
    /// the one reason, which their errors then say.
    package mutating func failed(with failure: String?) {
        if let failure { error = ErrorName.canonical(failure) }
        if error == ErrorName.fenced {
            for name in Self.consequencesOfFencing {
                guard let count = errors.removeValue(forKey: name) else { continue }
                errors[ErrorName.fenced, default: 0] += count
                refusedByClient[name] = nil
            }
        }
        error = error ?? errors.min { ($1.value, $0.key) < ($0.value, $1.key) }.map { ErrorName.canonical($0.key) }
    }

    private static let consequencesOfFencing = [
        "_PURGE_QUEUE", "_PURGE_INFLIGHT", "_FATAL", "_STATE", "_FENCED", "INVALID_PRODUCER_EPOCH",
    ]

    private static let ambiguousError = "MSG_SIZE_TOO_LARGE"
}
