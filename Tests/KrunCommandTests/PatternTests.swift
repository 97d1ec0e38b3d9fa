import Foundation
import Testing

@testable import krun

/// Which files `--glob` means, and which scenarios `--name`.
@Suite struct PatternTests {
    @Test(
        arguments: [
            // A pattern without a slash is one of names, wherever the file is.
            ("*.json", "a.json", true), ("*.json", "x/y/a.json", true), ("orders-*", "x/orders-1.json", true),
            ("orders-*", "orders-1/a.json", false), ("a?.json", "ab.json", true), ("a?.json", "a.json", false),
            ("a?.json", "aé.json", true),
            // With one it is a path from the folder.
            ("x/*.json", "x/a.json", true), ("x/*.json", "x/y/a.json", false), ("x/*.json", "y/x/a.json", false),
            ("./x/*.json", "x/a.json", true), ("x/**", "x/a.json", true), ("x/**", "x/y/z/a.json", true),
            ("x/**", "x", false), ("x/**/a.json", "x/a.json", true), ("x/**/a.json", "x/y/z/a.json", true),
            ("**/x/*.json", "x/a.json", true), ("**/x/*.json", "w/x/a.json", true), ("**/x/*.json", "w/a.json", false),
            ("**", "a.json", true), ("**/y/**", "x/y/z/a.json", true), ("x*/a.json", "xyz/a.json", true),
            // Two stars within a name are one.
            ("x**/a.json", "xy/z/a.json", false),
            ("[ab].json", "b.json", true), ("[!ab].json", "b.json", false), ("[a-c]*.json", "cx.json", true),
            ("[]]x", "]x", true), ("[a-]x", "-x", true), ("a*b*c", "aXbXbc", true), ("a*b*c", "aXbXb", false),
        ])
    func paths(_ pattern: String, _ path: String, _ isMeant: Bool) throws {
        #expect(try #require(PathPattern(argument: pattern)).matches(path) == isMeant)
    }

    @Test(arguments: ["", "/a.json", "a//b", "../a.json", "[a", "[]", "[b-a]", "a/"])
    func noPatterns(_ text: String) {
        #expect(PathPattern(argument: text) == nil)
    }

    /// As many stars as a line holds take no time that anybody would notice.
    @Test(.timeLimit(.minutes(1))) func manyStars() throws {
        let pattern = try #require(PathPattern(argument: String(repeating: "a*", count: 500) + "b"))
        #expect(!pattern.matches(String(repeating: "a", count: 2_000)))
        let folders = try #require(PathPattern(argument: String(repeating: "**/a/", count: 200) + "b"))
        #expect(!folders.matches(String(repeating: "a/", count: 1_000) + "c"))
    }

    @Test(
        arguments: [
            ("orders", "Orders arrive", true), ("ARRIVE", "Orders arrive", true), ("tea", "Orders arrive", false),
            ("orders*", "Orders arrive", true), ("*orders", "Orders arrive", false),
            ("orders ?rrive", "Orders arrive", true),
            // The names of cases have brackets.
            ("[a, 1]", "Orders arrive [a, 1]", true), ("*[a, ?]", "Orders arrive [a, 1]", true),
        ])
    func names(_ pattern: String, _ name: String, _ isMeant: Bool) throws {
        #expect(try #require(NamePattern(argument: pattern)).matches(name) == isMeant)
    }
}

/// The project's file is that of the nearest folder, as far as the repository goes.
@Suite struct ProjectFileTests {
    @Test func itIsLookedForUpToTheRootOfTheRepository() throws {
        let scratch = try TemporaryFolder()
        let manager = FileManager.default
        let root = scratch.url.path
        func make(_ file: String) throws {
            let url = scratch.url.appending(path: file)
            try manager.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("{}".utf8).write(to: url)
        }
        try make("krun.json")
        try make("repository/a/b/scenario.json")
        // What is above belongs to somebody else.
        #expect(ProjectFile.path(from: root) == "krun.json")
        #expect(ProjectFile.path(from: "\(root)/repository/a/b") == nil)
        try make("repository/.git")
        #expect(ProjectFile.path(from: "\(root)/repository/a/b") == nil)
        try make("repository/krun.json")
        #expect(ProjectFile.path(from: "\(root)/repository/a/b") == "../../krun.json")
        #expect(ProjectFile.path(from: "\(root)/repository") == "krun.json")
        try make("repository/a/krun.json")
        #expect(ProjectFile.path(from: "\(root)/repository/a/b") == "../krun.json")
    }

    @Test func itsBrokersFileIsInItsFolder() throws {
        let scratch = try TemporaryFolder()
        let project = scratch.url.appending(path: "project")
        try FileManager.default.createDirectory(at: project, withIntermediateDirectories: true)
        try Data().write(to: scratch.url.appending(path: "secret"))
        try FileManager.default.createSymbolicLink(
            at: project.appending(path: "link"), withDestinationURL: scratch.url.appending(path: "secret"))
        let folder = ScenarioFiles.resolved(project.path)
        #expect(ProjectFile.Broker.isWithin("\(project.path)/a.properties", folder))
        #expect(!ProjectFile.Broker.isWithin("\(project.path)/../a.properties", folder))
        #expect(!ProjectFile.Broker.isWithin("\(project.path)/link", folder))
        #expect(!ProjectFile.Broker.isWithin("\(project.path)-other/a.properties", folder))
    }
}

/// In a container as many scenarios run side by side as it was given processors.
@Suite struct ProcessorCountTests {
    @Test(
        arguments: [
            ("200000 100000\n", 2), ("150000 100000", 2), ("50000 100000", 1), ("max 100000\n", nil), ("", nil),
            ("100000", nil), ("0 100000", nil), ("100000 0", nil),
        ] as [(String, Int?)])
    func quotas(_ text: String, _ count: Int?) {
        #expect(ProcessorCount.quota(unified: text) == count)
    }

    @Test func quotasOfOlderKernels() {
        #expect(ProcessorCount.quota(microseconds: "400000\n", period: "100000\n") == 4)
        #expect(ProcessorCount.quota(microseconds: "-1\n", period: "100000\n") == nil)
        #expect(ProcessorCount.quota(microseconds: nil, period: nil) == nil)
        #expect(ProcessorCount.available >= 1)
    }
}

/// The order in which scenarios are run is the same for the same seed, everywhere and always.
@Suite struct RunTurnsTests {
    @Test func anOrderIsDrawnWithASeed() {
        #expect(RunTurns.order(of: 8, with: 7) == RunTurns.order(of: 8, with: 7))
        #expect(RunTurns.order(of: 100, with: 7) != RunTurns.order(of: 100, with: 8))
        #expect(RunTurns.order(of: 100, with: 1).sorted() == Array(0..<100))
        #expect(RunTurns.order(of: 8, with: 42) == [3, 1, 6, 2, 4, 0, 7, 5])
        #expect(RunTurns.order(of: 0, with: 1) == [] && RunTurns.order(of: 1, with: 1) == [0])
    }
}
