import KrunDiagnostics
import KrunOutcome
import KrunReports
import Testing

/// What `--narrate` tells of the members of groups: what they have, not only what their clients are told.
@Suite struct StoryTextTests {
    private static let ann = RunEvent.Member(group: "kitchen", name: "ann")
    private static let bob = RunEvent.Member(group: "kitchen", name: "bob")
    private static let cid = RunEvent.Member(group: "kitchen", name: "cid")

    /// An incremental assignment names what is new: of nothing new a member keeps what it has.
    @Test func whoKeepsPartitionsDoesNotOwnNothing() {
        let text = story([
            [
                (nil, .assigned(Self.ann, orders(0, 2, 3))),
                (nil, .revoked(Self.ann, orders(0, 2), isLost: false)),
                (nil, .assigned(Self.bob, [])),
                (nil, .assigned(Self.ann, [])),
                (nil, .assigned(Self.bob, orders(0))),
                (nil, .assigned(Self.bob, orders(2))),
                (nil, .revoked(Self.ann, orders(3), isLost: true)),
                (nil, .assigned(Self.ann, [])),
            ]
        ])
        #expect(
            text == """
                1. group kitchen
                   member ann now owns orders/0, orders/2, orders/3
                   member ann gives up orders/0, orders/2
                   member bob owns nothing
                   member ann keeps orders/3
                   member bob now owns orders/0
                   member bob now also owns orders/2, and keeps orders/0
                   member ann has lost orders/3
                   member ann owns nothing
                   So: nobody; no rebalance
                """)
    }

    /// Its place in the group is kept, and its partitions go to nobody.
    @Test func aStaticMemberThatStopsDoesNotLeave() {
        let text = story([
            [
                (nil, .assigned(Self.ann, orders(0, 1))),
                (nil, .assigned(Self.bob, orders(2))),
                (nil, .revoked(Self.ann, orders(0, 1), isLost: false)),
                (nil, .revoked(Self.bob, orders(2), isLost: false)),
                (nil, .ended(Self.ann, hasCrashed: false, isAway: true)),
                (nil, .ended(Self.bob, hasCrashed: false, isAway: true)),
                (nil, .assigned(Self.cid, [])),
                (nil, .ended(Self.cid, hasCrashed: false, isAway: true)),
                (nil, .assigned(Self.ann, orders(0, 1))),
            ]
        ])
        #expect(
            text == """
                1. group kitchen
                   member ann now owns orders/0, orders/1
                   member bob now owns orders/2
                   member ann stops, and keeps its place in the group: orders/0, orders/1 wait for it
                   member bob stops, and keeps its place in the group: orders/2 waits for it
                   member cid owns nothing
                   member cid stops, and keeps its place in the group
                   member ann now owns orders/0, orders/1
                   So: nobody; no rebalance
                """)
    }

    /// What happens when a step is over does not stand above what it came to; what each member has is known from step to step.
    @Test func membersThatOutliveAStepAreToldOfAfterIt() {
        let text = story(
            [
                [(nil, .topic("orders", partitions: 1)), (nil, .assigned(Self.ann, orders(0)))],
                [(nil, .assigned(Self.ann, [])), (nil, .assigned(Self.bob, []))],
            ],
            after: [
                [(nil, .revoked(Self.bob, [], isLost: false)), (nil, .ended(Self.bob, hasCrashed: false))],
                [(nil, .revoked(Self.ann, orders(0), isLost: false)), (nil, .ended(Self.ann, hasCrashed: false))],
            ])
        #expect(
            text == """
                1. group kitchen
                   topic orders has 1 partition
                   member ann now owns orders/0
                   So: nobody; no rebalance

                   orders/0 │
                              ▲ kitchen: member ann owns it

                   Afterwards:
                   member bob leaves the group

                2. group kitchen
                   member ann keeps orders/0
                   member bob owns nothing
                   So: nobody; no rebalance

                   The run ends:
                   member ann gives up orders/0
                   member ann leaves the group
                """)
    }

    @Test func aTransactionNeedsNoName() {
        let text = story([
            [
                (1, .transactionEnded(producer: nil, isCommit: false)),
                (1, .transactionEnded(producer: "p", isCommit: true)),
            ]
        ])
        #expect(
            text == """
                1. group kitchen
                   the transaction is aborted
                   the transaction of p is committed
                   So: nobody; no rebalance
                """)
    }

    private func orders(_ numbers: Int32...) -> [RunEvent.Partition] { numbers.map { .init("orders", $0) } }

    /// The steps of a story in which these things happen during each, and when it is over.
    private func story(
        _ steps: [[(step: Int?, kind: RunEvent.Kind)]], after: [[(step: Int?, kind: RunEvent.Kind)]] = []
    ) -> String {
        let recorder = StoryRecorder()
        func note(_ step: Int?, _ kind: RunEvent.Kind) {
            recorder.note(RunEvent(time: .zero, step: step.map { StepPath($0) }, kind: kind))
        }
        var scenario = ScenarioOutcome(file: "kitchen.json", name: "", status: .passed)
        for (index, events) in steps.enumerated() {
            note(index + 1, .stepStarted(title: "group kitchen", note: nil))
            for event in events { note(event.step, event.kind) }
            note(index + 1, .stepEnded)
            for event in after.indices.contains(index) ? after[index] : [] { note(event.step, event.kind) }
            scenario.steps.append(
                StepOutcome(
                    path: StepPath(index + 1), title: "group kitchen", status: .passed, duration: .zero,
                    result: .group(MembershipOutcome(group: "kitchen"))))
        }
        scenario.stepCount = steps.count
        scenario.story = recorder.story
        var report = TerminalReport(style: .plain, options: .init(width: 100))
        return report.scenario(scenario).split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2)
            .joined(separator: "\n").trimmingNewlines
    }
}

extension String {
    fileprivate var trimmingNewlines: String {
        var text = self[...]
        while text.last == "\n" { text.removeLast() }
        return String(text)
    }
}
