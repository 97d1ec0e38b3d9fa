import KrunBroker

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
    MemberTarget(), PlainTarget(), ScenarioTarget(), PathTarget(),
]

/// `PlainMessage`: what it accepts must be what is between the two NULs there are.
struct PlainTarget: FuzzTarget {
    let name = "plain"
    let weight = 1

    func seeds(_ random: inout SplitMix64) -> [[UInt8]] {
        [Array("\0somebody\0something".utf8), Array("grüße\0grüße\0pass wort".utf8), Array("\0\0".utf8)]
    }

    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])] {
        [
            ("user-and-password", Array("\0somebody\0something".utf8)),
            ("same-authorization", Array("somebody\0somebody\0something".utf8)),
            ("hostile-empty", []),
            ("hostile-four-parts", Array("\0somebody\0some\0thing".utf8)),
            ("hostile-other-authorization", Array("root\0somebody\0something".utf8)),
            ("hostile-user-not-utf8", [0, 0xC3, 0x28, 0, 0x70]),
        ]
    }

    /// A NUL somewhere.
    func change(_ input: inout [UInt8], _ random: inout SplitMix64) {
        input.insert(0, at: random.below(input.count + 1))
    }

    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict {
        guard let message = PlainMessage(input) else { return Verdict(heading: "(PLAIN)", isAccepted: false) }
        let told = [0] + Array(message.user.utf8) + [0] + message.password
        if input != told && input != Array(message.user.utf8) + told {
            fatalError("\(message) is not what \(input) says")
        }
        return Verdict(heading: "(PLAIN)", isAccepted: true)
    }
}
