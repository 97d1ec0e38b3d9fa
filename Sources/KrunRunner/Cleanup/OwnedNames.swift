/// What a run made on a broker that others use too; nothing else is ever deleted.
struct OwnedNames {
    /// Names on the broker.
    var topics: [String] = []
    var groups: [String] = []

    var isEmpty: Bool { topics.isEmpty && groups.isEmpty }
}
