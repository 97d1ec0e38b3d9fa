/// Something that is given bytes that nobody vouches for.
///
/// To have another one fuzzed, conform to this and add it to `allTargets`.
protocol FuzzTarget: Sendable {
    /// Also the name of its folder in the corpus.
    var name: String { get }
    /// One of so many inputs is for this target, relative to the weights of the others.
    var weight: Int { get }

    /// Inputs to start from besides those of the corpus: the same on every run of a seed.
    func seeds(_ random: inout SplitMix64) -> [[UInt8]]
    /// What the corpus has of it, by file names without suffix: inputs that are right, and hostile ones.
    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])]
    /// A change that knows what the bytes mean.
    func change(_ input: inout [UInt8], _ random: inout SplitMix64)
    /// Runs an input. Whatever must not be ends the process by `fatalError`.
    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict
}

/// What became of an input, under the heading that it is counted under.
struct Verdict {
    var heading: String
    var isAccepted: Bool
}

/// Every target there is.
let allTargets: [any FuzzTarget] = [
    RequestTarget(), FrameTarget(), BatchTarget(), SubscriptionTarget(), AssignmentTarget(),
    MemberTarget(), PlainTarget(), ScenarioTarget(),
]
