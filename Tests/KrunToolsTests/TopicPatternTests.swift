import KrunBroker
import KrunDiagnostics
import Testing

@testable import KrunTools

/// Which topics a pattern means.
@Suite(.timeLimit(.minutes(1)))
struct TopicPatternTests {
    @Test(arguments: [
        ("orders-*", "orders-eu", true), ("orders-*", "orders-", true), ("orders-*", "orders", false),
        ("*.v?", "orders.v1", true), ("*.v?", "ordersXv1", false), ("*", "orders", true),
        // Unlike names of scenarios, those of topics have a case.
        ("Orders*", "orders", false),
        // Kafka's own are nobody's topics.
        ("*", "__consumer_offsets", false), ("_*", "__consumer_offsets", false), ("__*", "__consumer_offsets", true),
        ("_*", "_schemas", true),
    ])
    func topics(_ pattern: String, _ topic: String, _ isMeant: Bool) throws {
        #expect(try #require(TopicPattern(pattern)).matches(topic) == isMeant)
    }

    @Test(arguments: ["orders", "orders.v1", "", "^orders"])
    func namesAreNoPatterns(_ text: String) {
        #expect(TopicPattern(text) == nil)
    }

    @Test(arguments: [
        ("orders-*", nil), ("orders", nil),
        ("or ders*", "only letters, digits, \".\", \"_\" and \"-\" of ASCII are allowed"),
        ("", "it is empty"),
        (
            "^orders.*",
            "a pattern has * for any text and ? for one character, such as 'orders-*'; a regular expression is none"
        ),
    ])
    func faults(_ text: String, _ fault: String?) {
        #expect(TopicPattern.fault(of: text) == fault)
    }

    @Test func patternsStandForTopicsThatAreThere() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            for name in ["orders-eu", "orders-us", "bills"] { try place.cluster.createTopic(name, partitions: 1) }
            #expect(try place.connection.topicNames(["nowhere"]) == ["nowhere"])
            #expect(
                try place.connection.topicNames(["orders-us", "*s", "nowhere"])
                    == ["orders-us", "bills", "nowhere"])
            #expect(try place.connection.topicNames(["orders-*"]) == ["orders-eu", "orders-us"])
            let vain = ["x*", "y?"].map {
                Diagnostic(
                    .runtime, "no topic on \(place.cluster.bootstrapServers) matches \($0)",
                    notes: ["a pattern is of the whole name; `krun topics list` lists those that are there"])
            }
            #expect(throws: Diagnostics(vain)) { try place.connection.topicNames(["x*", "bills", "y?"]) }
        }
    }
}
