import KrunOutcome

/// What the file says for all of its steps.
struct StepDefaults {
    var partitioner = ScenarioFields.partitioner.form.value
    var client: [ClientProperty] = []
    var allow: Set<Invariant> = []
}
