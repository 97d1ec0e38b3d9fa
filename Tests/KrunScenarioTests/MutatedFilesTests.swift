import Foundation
import KrunDiagnostics
import KrunScenario
import Testing

/// What others may write: the files of this repository with changes, thousands of them, the same on every run.
@Suite("Mutated Files", .timeLimit(.minutes(3))) struct MutatedFilesTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Scenarios, and the inputs of fixtures.
    private static func files() throws -> [[UInt8]] {
        let manager = FileManager.default
        let scenarios = try manager.subpathsOfDirectory(atPath: root.appending(path: "scenarios").path)
            .filter { $0.hasSuffix(".json") }.map { "scenarios/\($0)" }
        let fixtures = try manager.contentsOfDirectory(atPath: root.appending(path: "Tests/Fixtures").path)
            .map { "Tests/Fixtures/\($0)/scenario.json" }
        return (scenarios + fixtures).sorted().compactMap { path in
            try? [UInt8](Data(contentsOf: root.appending(path: path)))
        }.filter { !$0.isEmpty && $0.count < 1 << 16 }
    }

    @Test("each is read or refused in a moment, with places in order and something to say")
    func mutated() throws {
        let files = try Self.files()
        #expect(files.count > 100)
        var mutator = FileMutator(random: SplitMix64(state: 22))
        var accepted = 0
        var slowest: Duration = .zero
        for _ in 0..<3_000 {
            let file = mutator.mutate(
                files.randomElement(using: &mutator.random)!, other: files.randomElement(using: &mutator.random)!)
            let start = ContinuousClock.now
            do throws(Diagnostics) {
                _ = try Scenario.decode(file, file: "test.json").warnings(now: 1_767_225_600_000)
                accepted += 1
            } catch {
                let lines = error.all.compactMap { $0.place?.line }
                #expect(lines == lines.sorted())
                for diagnostic in error.all.prefix(20) {
                    #expect(!DiagnosticText(style: .plain).text(diagnostic).isEmpty)
                }
            }
            slowest = max(slowest, start.duration(to: .now))
        }
        #expect(accepted > 30)
        // Unoptimised, beside other tests.
        #expect(slowest < .seconds(10))
    }
}
