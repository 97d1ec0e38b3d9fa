import Foundation

/// A file of `Tests/Transcripts/<name>/transcript`: commands as typed on a terminal, and all that they say.
///
///     # a line for people
///     $ krun topics list
///     what it writes to stdout
///     ! what it writes to stderr
///     exit 3
///
/// The commands are those of a shell, so a pipe is a pipe. The lines behind a command are its stdout, then its stderr with `! ` before each,
/// then its exit code where that is not 0; a last line without a line end is followed by `(no line end)`. All commands of a transcript talk to
/// one embedded cluster, new and of its own, which KRUN_BROKERS names, in a working directory of their own that has the other files of
/// the folder.
/// A first line `# brokers: 3` asks for so many brokers (1 otherwise), `# brokers: none` for no cluster and no KRUN_BROKERS.
struct Transcript {
    enum Entry: Equatable {
        /// A comment or an empty line.
        case words(String)
        case command(String, saying: String)
    }

    var entries: [Entry] = []
    /// Nil for no cluster.
    var brokers: Int? = 1

    init(_ text: String) {
        var lines = text.components(separatedBy: "\n")
        if lines.last == "" { lines.removeLast() }
        if let first = lines.first, first.hasPrefix("# brokers: ") {
            brokers = Int(first.dropFirst("# brokers: ".count))
        }
        for line in lines {
            if line.hasPrefix("$ ") {
                entries.append(.command(String(line.dropFirst(2)), saying: ""))
            } else if line.isEmpty || line.hasPrefix("# ") {
                entries.append(.words(line))
            } else if case .command(let command, let saying)? = entries.last {
                entries[entries.count - 1] = .command(command, saying: saying + line + "\n")
            } else {
                entries.append(.words(line))
            }
        }
    }

    /// The file's text.
    var text: String {
        entries.map { entry in
            switch entry {
            case .words(let line): line + "\n"
            case .command(let command, let saying): "$ \(command)\n\(saying)"
            }
        }.joined()
    }

    /// What a command said, as it stands in a transcript.
    static func saying(_ run: CommandRun) -> String {
        let output = Volatile.normalised(run.output)
        let error = Volatile.normalised(run.error)
        // An empty line would end what was said, and a line like these be taken for something else.
        let lines = split(output).map { line in
            line.isEmpty || line.hasPrefix("$ ") || line.hasPrefix("# ") || line.hasPrefix("! ") ? "| " + line : line
        }
        let errors = split(error).map { "! " + $0 }
        return (lines + errors + (run.exitCode == 0 ? [] : ["exit \(run.exitCode)"])).map { $0 + "\n" }.joined()
    }

    private static func split(_ text: String) -> [String] {
        if text.isEmpty { return [] }
        if text.hasSuffix("\n") { return text.dropLast().components(separatedBy: "\n") }
        return text.components(separatedBy: "\n") + ["(no line end)"]
    }
}
