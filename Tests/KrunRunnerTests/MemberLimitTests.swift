import KrunDiagnostics
import KrunScenario
import Testing

@testable import KrunRunner

/// A file cannot know how many brokers a cluster has that is there already.
@Suite(.timeLimit(.minutes(1)))
struct MemberLimitTests {
    private let text = """
        { "name": "A crowd", "topics": [{ "name": "orders" }],
          "steps": [{ "consume": "orders", "group": "billing", "members": 100 }] }
        """

    @Test func tooManyForTheBrokersThatAreThere() throws {
        let scenario = try Scenario.decode(Array(text.utf8), file: "test.json")
        #expect(
            try said(scenario, brokers: 64) == """
                error: 100 members are too many on a cluster of 64 brokers
                 --> test.json:2:67
                  |
                2 |   "steps": [{ "consume": "orders", "group": "billing", "members": 100 }] }
                  |                                                                   ^^^ at most 78 here
                  |
                  = each member has a thread for each broker: 6400 in all, and krun runs at most 5000
                  = fewer members, or a cluster of fewer brokers ("embedded": { "brokers": 50 })
                """)
        #expect(try said(scenario, brokers: 50) == nil)
        #expect(try said(scenario, brokers: nil) == nil)
    }

    /// Members of steps side by side count together, those of rounds do not.
    @Test func tooManyAtOneTime() throws {
        let text = """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "repeat": 2, "steps": [{ "together": [
                { "consume": "orders", "group": "billing", "members": 60 },
                [{ "consume": "orders", "group": "shipping", "members": 20 }, { "consume": "orders", "group": "audit", "members": 40 }]
              ] }] }] }
            """
        let scenario = try Scenario.decode(Array(text.utf8), file: "test.json")
        #expect(
            try said(scenario, brokers: 64) == """
                error: 100 members are too many on a cluster of 64 brokers
                 --> test.json:2:15
                  |
                2 |   { "repeat": 2, "steps": [{ "together": [
                  |               ^ at most 78 here
                  |
                  = each member has a thread for each broker: 6400 in all, and krun runs at most 5000
                  = fewer members, or a cluster of fewer brokers ("embedded": { "brokers": 50 })
                """)
        #expect(try said(scenario, brokers: 50) == nil)
    }

    private func said(_ scenario: Scenario, brokers: Int?) throws -> String? {
        do throws(RunStop) {
            try MemberLimit.check(scenario, brokers: brokers)
            return nil
        } catch .trouble(let diagnostic) {
            return DiagnosticText(style: .plain).text(diagnostic)
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }
}
