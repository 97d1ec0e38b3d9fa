import KrunDiagnostics
import KrunOutcome
import KrunScenario

extension Judgement {
    mutating func judge(_ outcome: MembershipOutcome, _ expect: MembershipExpectation) {
        let owners = Self.owners(outcome.members)
        for member in expect.members { judge(outcome.members, member) }
        compare(
            .init("idle"), expect.idle, Int64(outcome.idle), "another number of members is idle than expected",
            notes: owners)
        compare(
            .init("moved"), expect.moved, Int64(outcome.moved),
            "another number of partitions changed owner than expected", notes: owners)
        compare(
            .init("revoked"), expect.revoked, Int64(outcome.revoked),
            "another number of partitions was taken from a member than expected", notes: owners)
        compare(
            .init("generation"), expect.generation, outcome.generation.map(Int64.init),
            "the group's generation is not as expected")
        compare(
            .init("rebalances"), expect.rebalances, Int64(outcome.rebalances),
            "the group was rebalanced another number of times than expected")
        compare(.init("state"), expect.state, outcome.state, "the group's state is not as expected", notes: owners)
        compare(.init("error"), expect.error, outcome.error, "the step ended otherwise than expected")
        compare(expect.duration, outcome.duration)
    }
}
