import Foundation
import KrunDiagnostics
import KrunJSON
import Testing

@testable import krun

/// How scenarios are divided among machines that do not know of each other.
@Suite struct ShardTests {
    /// Whatever there is, and whatever is known of it: each scenario is in exactly one part, and keeps its order there.
    @Test(arguments: [1, 2, 3, 7, 40])
    func eachScenarioIsInExactlyOnePart(_ parts: Int) throws {
        var state = UInt64(parts)
        func draw(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        for round in 0..<60 {
            // Some are named twice, and some have no duration.
            let names = (0..<draw(50)).map { _ in Self.name("\(draw(40)).json") }
            var durations: [Shard.Name: Duration] = [:]
            if round % 3 > 0 {
                for name in names where draw(4) > 0 { durations[name] = .milliseconds(draw(5) * draw(1_000)) }
            }
            let members = try (1...parts).map { part in
                Shard.members(
                    of: try #require(Shard(part: part, parts: parts)), names: names, durations: durations)
            }
            #expect(members.joined().sorted() == Array(names.indices))
            #expect(members.allSatisfy { $0 == $0.sorted() })
            // What a part has does not depend on the order of the command line.
            let reversed = Array(names.reversed())
            for (part, own) in members.enumerated() {
                let other = Shard.members(
                    of: try #require(Shard(part: part + 1, parts: parts)), names: reversed, durations: durations)
                #expect(other.map { reversed[$0] }.sorted() == own.map { names[$0] }.sorted())
            }
        }
    }

    @Test func withoutDurationsTheyAreDealtInTurn() throws {
        let names = ["c", "a", "e", "b", "d"].map { Self.name($0) }
        #expect(try Self.parts(2, names, [:]) == [["c", "a", "e"], ["b", "d"]])
    }

    @Test func theLongestGoesFirstToThePartThatHasLeastToDo() throws {
        let names = ["a", "b", "c", "d", "e"].map { Self.name($0) }
        let durations = Dictionary(uniqueKeysWithValues: zip(names, [1, 8, 4, 3, 2].map { Duration.seconds($0) }))
        #expect(try Self.parts(2, names, durations) == [["a", "b"], ["c", "d", "e"]])
    }

    /// The median of 1, 5 and 60 is 5, so that the new one is as long as `b`.
    @Test func whatIsNotKnownCountsAsTheMedian() throws {
        let names = ["a", "b", "c", "new"].map { Self.name($0) }
        let durations = [names[0]: Duration.seconds(1), names[1]: .seconds(5), names[2]: .seconds(60)]
        #expect(try Self.parts(2, names, durations) == [["c"], ["a", "b", "new"]])
    }

    /// Equal ones are spread, also where none took any time.
    @Test func equalOnesAreSpread() throws {
        let names = ["a", "b", "c", "d"].map { Self.name($0) }
        let durations = Dictionary(uniqueKeysWithValues: names.map { ($0, Duration.zero) })
        #expect(try Self.parts(2, names, durations) == [["a", "c"], ["b", "d"]])
    }

    /// A report may have been made with the names of a folder, and this run with those of its files.
    @Test func theWorkingFolderIsNoPartOfAName() {
        #expect(Shard.Name(file: "./a.json", name: "A") == Shard.Name(file: "a.json", name: "A"))
    }

    @Test(arguments: ["0/2", "3/2", "1/0", "1", "1/2/3", "a/b", "", "/", "-1/2", "1/10001"])
    func otherWordsNameNoPart(_ text: String) {
        #expect(ShardArgument(argument: text) == nil)
    }

    @Test(
        arguments: [
            (["JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "3"], 1, 3),
            (["JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "3"], 3, 3),
            (["CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "4"], 1, 4), (["CI_NODE_TOTAL": "1"], 1, 1),
        ] as [([String: String], Int, Int)])
    func theEnvironmentNamesThePart(_ environment: [String: String], _ part: Int, _ parts: Int) throws {
        let shard = try #require(ShardArgument(argument: "auto")).shard { environment[$0] }
        #expect(shard == Shard(part: part, parts: parts))
    }

    /// With its timelines a report of a course has more bytes than any scenario may.
    @Test func durationsOfALargeReport() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "run.json")
        let text = String(repeating: "x", count: JSONDocument.sizeLimit)
        try Data(
            """
            { "krun": "1", "format": 1, "more": "\(text)\\u0000",
              "scenarios": [{ "file": "./a.json", "name": "", "status": "passed", "duration": "2s" }] }
            """.utf8
        ).write(to: file)
        #expect(try Shard.durations(of: file.path) == [Self.name("a.json"): .seconds(2)])
    }

    private static func name(_ file: String) -> Shard.Name { Shard.Name(file: file, name: "") }

    private static func parts(
        _ count: Int, _ names: [Shard.Name], _ durations: [Shard.Name: Duration]
    ) throws -> [[String]] {
        try (1...count).map { part in
            Shard.members(of: try #require(Shard(part: part, parts: count)), names: names, durations: durations)
                .map { names[$0].file }
        }
    }
}
