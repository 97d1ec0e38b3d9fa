import KrunBroker
import Testing

@Suite
struct ClusterOptionsTests {
    /// No password in any output, not even where a test prints what it compared.
    @Test
    func printingThemShowsNoPassword() {
        let options = ClusterOptions(port: 9092, users: ["alice": "wonderland"])
        var dumped = ""
        dump(options, to: &dumped)
        #expect("\(options)" == "3 brokers on 127.0.0.1:9092, 1 user")
        #expect(dumped.contains("alice"))
        for text in ["\(options)", String(reflecting: options), dumped] { #expect(!text.contains("wonderland")) }
    }
}
