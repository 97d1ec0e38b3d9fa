import KrunDiagnostics
import KrunOutcome
import KrunScenario

extension Judgement {
    /// How often it struck; as long as it may strike again nothing is judged.
    mutating func judge(_ outcome: FaultOutcome, _ fault: FaultStep) {
        guard outcome.isOver else { return }
        compare(
            .init("applied"), fault.applied, Int64(outcome.applied),
            "the fault struck another number of times than expected",
            notes: outcome.healed.map { "step \($0.path), \($0.fault): \($0.applied)" })
    }
}
