import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunScenario

extension Judgement {
    /// A broken invariant is a failure of the whole step, unless the file allows it.
    mutating func judge(_ outcome: InvariantOutcome, of step: Step) {
        guard case .broken(let count, let cases, allowed: false) = outcome.verdict else { return }
        var notes = cases
        if count > cases.count, !cases.isEmpty { notes.append("these are \(cases.count) cases; \(count) in all") }
        notes.append(
            "if that is meant, the step or the file says \"allow\": [\"\(outcome.invariant.rawValue)\"]")
        fail(
            title(outcome.invariant, count), at: step.place(),
            "\(outcome.invariant.rawValue) is broken", notes: notes)
    }

    private func title(_ invariant: Invariant, _ count: Int) -> String {
        func counted(_ singular: String, _ plural: String) -> String {
            "\(count) \(count == 1 ? singular : plural)"
        }
        return switch invariant {
        case .noLoss: "\(counted("acknowledged record was", "acknowledged records were")) not read"
        case .noDuplicates: "\(counted("record is", "records are")) there twice"
        case .keyAffinity: "\(counted("key is", "keys are")) on several partitions"
        case .perKeyOrder: "\(counted("record is", "records are")) out of the order of its key"
        case .offsetOrder: "\(counted("record was", "records were")) read against the order of offsets"
        case .singleOwner: "\(counted("partition did", "partitions did")) not have exactly one owner"
        case .assignedOnly: "\(counted("record was", "records were")) read by a member that did not own it"
        case .commitNotAhead: "\(counted("committed offset is", "committed offsets are")) ahead of what the group read"
        case .abortedInvisible:
            "\(counted("record of a transaction was", "records of transactions were")) read or missed wrongly"
        case .fencedSilent: "\(counted("acknowledgement", "acknowledgements")) came to a producer after it was fenced"
        }
    }
}
