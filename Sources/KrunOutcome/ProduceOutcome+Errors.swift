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

    private static let ambiguousError = "MSG_SIZE_TOO_LARGE"
}
