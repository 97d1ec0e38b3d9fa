import Foundation
import Testing

/// `krun new` writes what krun's own scenarios look like.
@Suite(.gated, .timeLimit(.minutes(10)))
struct NewCommandTests {
    @Test(.disabled(if: geteuid() == 0, "root may write everywhere"))
    func aFolderThatIsClosed() async throws {
        let folder = try TemporaryFolder()
        let closed = folder.url.appending(path: "closed")
        try FileManager.default.createDirectory(
            at: closed, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o500])
        let file = try await CommandRun.krun(["new", "closed/orders"], in: folder.url)
        #expect(
            file.error == """
                error: cannot write the scenario closed/orders.json
                  = you have no permission to write in its folder

                """)
        #expect(file.exitCode == 1)
        let inner = try await CommandRun.krun(["new", "closed/inner/orders"], in: folder.url)
        #expect(
            inner.error == """
                error: cannot write the scenario closed/inner/orders.json
                  = you have no permission to write there

                """)
        #expect(inner.exitCode == 1)
    }

    /// Two spaces a level, and each line that opens is closed at its own margin.
    @Test func itIsWrittenAsTheScenariosAre() async throws {
        let folder = try TemporaryFolder()
        let text = try await CommandRun.krun(["new", "-"], in: folder.url).output
        #expect(text.hasPrefix("{\n  \"name\": ") && text.hasSuffix("\n}\n"))
        var open: [Int] = []
        for line in text.split(separator: "\n") {
            let margin = line.prefix { $0 == " " }.count
            let closes = line.dropFirst(margin).first.map { "]}".contains($0) } ?? false
            if closes { #expect(open.popLast() == margin, "\(line)") }
            #expect(margin == 2 * open.count, "\(line)")
            if let last = line.last, "[{".contains(last) { open.append(margin) }
        }
        #expect(open.isEmpty)
    }
}
