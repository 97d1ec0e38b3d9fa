import KrunOutcome

/// What the file says for all of its steps.
struct StepDefaults {
    var partitioner: Partitioner = .murmur2Random
    var client: [ClientProperty] = []
    var allow: Set<Invariant> = []
}
