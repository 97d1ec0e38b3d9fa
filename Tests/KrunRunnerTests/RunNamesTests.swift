import KrunScenario
import Testing

@testable import KrunRunner

@Suite struct RunNamesTests {
    @Test func theSuffixTellsTheTimeInBase36() throws {
        let names = RunNames.fresh(secondsSince1970: 1_764_000_000)
        #expect(String(1_764_000_000, radix: 36) == "t68n40")
        let match = try #require(names.suffix.wholeMatch(of: /-krun-t68n40-([a-z0-9]{8})/))
        #expect(match.output.1.count == 8)
        #expect(names.actual("orders") == "orders" + names.suffix)
    }

    @Test(arguments: [60_466_176, 1_764_000_000, 2_176_782_335, 2_176_782_336, 78_364_164_095] as [Int64])
    func theTimeComesBackFromTheName(_ seconds: Int64) {
        let name = RunNames.fresh(secondsSince1970: seconds).actual("orders")
        #expect(RunNames.secondsSince1970(of: name) == seconds)
    }

    @Test func theTimeComesBackFromANameThatHasASuffixAlready() {
        let inner = RunNames.fresh(secondsSince1970: 1_764_000_000).actual("orders")
        let outer = RunNames.fresh(secondsSince1970: 1_764_000_100).actual(inner)
        #expect(RunNames.secondsSince1970(of: outer) == 1_764_000_100)
    }

    @Test func noTwoExecutionsShareAName() {
        let suffixes = (0..<2000).map { _ in RunNames.fresh(secondsSince1970: 1_764_000_000).suffix }
        #expect(Set(suffixes).count == 2000)
    }

    @Test func exactNamesAreTheFilesOwn() {
        #expect(RunNames.exact.suffix == "")
        #expect(RunNames.exact.actual("orders") == "orders")
    }

    @Test(arguments: [
        "orders", "orders-krun", "-krun-t68n40-abcdefgh", "orders-krun-t68n40-abcdefg", "orders-krun-t68n40-abcdefghi",
        "orders-krun-T68N40-abcdefgh", "orders-krun-t68n4-abcdefgh", "orders-krun-t68n4012-abcdefgh",
        "orders-krun-t68n40-ABCDEFGH", "orders-krun-t68n40-abcdefgh-dlq", "orders_krun-t68n40-abcdefgh",
        "orders-krun-t68n40_abcdefgh", "orders-krun-t68n40-abcdefgh\n", "",
    ])
    func namesThatKrunDidNotMakeTellNoTime(_ name: String) {
        #expect(RunNames.secondsSince1970(of: name) == nil)
    }

    /// Kafka takes 249 characters; the language leaves room for the suffix, also when its time needs a seventh digit.
    @Test(arguments: [1_764_000_000, 2_176_782_336] as [Int64])
    func theLongestNameOfAFileFitsWithItsSuffix(_ seconds: Int64) throws {
        func scenario(length: Int) -> String {
            let name = String(repeating: "o", count: length)
            return """
                { "name": "test", "topics": [{ "name": "\(name)" }],
                  "steps": [{ "produce": "\(name)", "messages": [{ "value": "x" }] }] }
                """
        }
        let longest = try #require(
            (200...249).last { length in (try? decode(scenario(length: length))) != nil })
        let suffix = RunNames.fresh(secondsSince1970: seconds).suffix
        #expect(longest + suffix.utf8.count <= 249)
        #expect(longest == 226)
    }
}
