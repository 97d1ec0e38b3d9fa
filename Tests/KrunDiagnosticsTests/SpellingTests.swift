import KrunDiagnostics
import Testing

@Suite struct SpellingTests {
    private static let fields = ["messages", "members", "partitions", "partition", "key", "keys", "lag", "x"]

    @Test(arguments: [
        ("mesages", "messages"), ("message", "messages"), ("Members", "members"), ("memebrs", "members"),
        ("KEY", "key"), ("kye", "key"), ("patition", "partition"), ("partitons", "partitions"), ("lags", "lag"),
        ("keyz", "key"),
    ])
    func theNearestIsFound(_ name: String, _ expected: String) {
        #expect(Spelling.nearest(to: name, among: Self.fields) == expected)
    }

    @Test(arguments: ["", "y", "offset", "mmbrsss", "value", "partitioning scheme"])
    func whatIsFarIsNotSuggested(_ name: String) {
        #expect(Spelling.nearest(to: name, among: Self.fields) == nil)
    }

    @Test func theFirstOfEquallyNearOnesIsFound() {
        #expect(Spelling.nearest(to: "orderx", among: ["orders", "ordery"]) == "orders")
        #expect(Spelling.nearest(to: "orderx", among: ["ordery", "orders"]) == "ordery")
        #expect(Spelling.nearest(to: "orders", among: ["order", "Orders"]) == "Orders")
        #expect(Spelling.nearest(to: "orders", among: []) == nil)
    }

    @Test func longNamesCostNothing() {
        let long = String(repeating: "a", count: 1_000_000)
        #expect(Spelling.nearest(to: long, among: [long + "b"]) == nil)
        #expect(Spelling.nearest(to: "key", among: [long, "keys"]) == "keys")
    }
}
