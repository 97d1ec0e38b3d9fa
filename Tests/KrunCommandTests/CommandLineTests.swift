import Foundation
import Testing

/// What krun says, compared whole with what is kept in `Tests/Fixtures`.
///
/// With `KRUN_RECORD=1` in the environment the files are written instead; each that changed is reported as an issue,
/// so that nobody takes a recording for a test.
@Suite(.gated, .timeLimit(.minutes(10)))
struct CommandLineTests {
    /// Files from strangers must not keep anyone waiting; a debug build on a busy machine is given much more than
    /// the 2 s that are promised.
    static let patience: Duration = .seconds(20)

    static let isRecording = ProcessInfo.processInfo.environment["KRUN_RECORD"] == "1"

    @Test(arguments: Fixture.all.filter { !$0.needsUser })
    func sayingsAreAsKept(_ fixture: Fixture) async throws {
        try await check(fixture)
    }

    @Test(
        .disabled(if: geteuid() == 0, "root may read every file"),
        arguments: Fixture.all.filter { $0.needsUser })
    func sayingsToUsersAreAsKept(_ fixture: Fixture) async throws {
        try await check(fixture)
    }

    private func check(_ fixture: Fixture) async throws {
        var folder = fixture.folder
        var scratch: TemporaryFolder?
        let recipe = try fixture.recipe
        if let recipe {
            let new = try TemporaryFolder()
            folder = new.url.appending(path: "here")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            try recipe.make(in: folder)
            scratch = new
        }
        let run = try await CommandRun.krun(
            fixture.arguments(), in: folder, environment: fixture.environment(), input: fixture.input)
        withExtendedLifetime(scratch) {}

        try compare(Volatile.normalised(run.output), with: "expected.out", of: fixture)
        try compare(Volatile.normalised(run.error), with: "expected.err", of: fixture)
        try compare("\(run.exitCode)\n", with: "exit", of: fixture)
        if recipe != nil { #expect(run.duration < Self.patience) }
    }

    private func compare(_ actual: String, with file: String, of fixture: Fixture) throws {
        let expected = try fixture.text(file)
        if Self.isRecording {
            guard actual != expected else { return }
            try Data(actual.utf8).write(to: fixture.folder.appending(path: file))
            Issue.record("wrote \(fixture.name)/\(file)")
            return
        }
        guard let expected else {
            Issue.record("\(fixture.name)/\(file) is missing; KRUN_RECORD=1 writes it:\n\(actual)")
            return
        }
        guard actual != expected else { return }
        Issue.record("\(fixture.name)/\(file) differs; expected:\n\(expected)\nactual:\n\(actual)")
    }
}
