import KrunScenario
import Testing

@testable import KrunRunner

@Suite struct RunNamesTests {
    @Test func theSuffixTellsTheTimeInBase36() throws {
        let names = RunNames.fresh(secondsSince1970: 1_800_000_000)
        #expect(String(1_800_000_000, radix: 36) == "tro8w0")
        let match = try #require(names.suffix.wholeMatch(of: /-krun-tro8w0-([a-z0-9]{8})/))
        #expect(match.output.1.count == 8)
        #expect(names.actual("orders") == "orders" + names.suffix)
    }

    @Test(arguments: [1_767_225_600, 1_800_000_000, 2_176_782_335, 2_176_782_336, 78_364_164_095] as [Int64])
    func theTimeComesBackFromTheName(_ seconds: Int64) {
        let name = RunNames.fresh(secondsSince1970: seconds).actual("orders")
        #expect(RunNames.secondsSince1970(of: name) == seconds)
    }

    @Test func theTimeComesBackFromANameThatHasASuffixAlready() {
        let inner = RunNames.fresh(secondsSince1970: 1_800_000_000).actual("orders")
        let outer = RunNames.fresh(secondsSince1970: 1_800_000_100).actual(inner)
        #expect(RunNames.secondsSince1970(of: outer) == 1_800_000_100)
    }

    @Test func noTwoExecutionsShareAName() {
        let suffixes = (0..<2000).map { _ in RunNames.fresh(secondsSince1970: 1_800_000_000).suffix }
        #expect(Set(suffixes).count == 2000)
    }

    @Test func exactNamesAreTheFilesOwn() {
        #expect(RunNames.exact.suffix == "")
        #expect(RunNames.exact.actual("orders") == "orders")
    }

    @Test(arguments: [
        "orders", "orders-krun", "-krun-tro8w0-abcdefgh", "orders-krun-tro8w0-abcdefg", "orders-krun-tro8w0-abcdefghi",
        "orders-krun-TRO8W0-abcdefgh", "orders-krun-tro8w-abcdefgh", "orders-krun-tro8w012-abcdefgh",
        "orders-krun-tro8w0-ABCDEFGH", "orders-krun-tro8w0-abcdefgh-dlq", "orders_krun-tro8w0-abcdefgh",
        "orders-krun-tro8w0_abcdefgh", "orders-krun-tro8w0-abcdefgh\n", "",
    ])
    func namesThatKrunDidNotMakeTellNoTime(_ name: String) {
        #expect(RunNames.secondsSince1970(of: name) == nil)
    }

    /// krun is younger than that.
    @Test(arguments: ["orders-krun-t85rzz-abcdefgh", "orders-krun-000000-abcdefgh", "orders-krun-0t85rzz-abcdefgh"])
    func aTimeBeforeTheFirstRunIsChance(_ name: String) {
        #expect(RunNames.secondsSince1970(of: name) == nil)
    }

    /// Kafka takes 249 characters; the language leaves room for the suffix, also when its time needs a seventh digit.
    @Test(arguments: [1_800_000_000, 2_176_782_336] as [Int64])
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
