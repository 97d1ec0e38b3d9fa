import KrunDiagnostics
import Synchronization

/// What is being done just now, in one line of the terminal that is gone when the scenario's report is printed.
///
/// Only on a terminal: stderr of a pipe or a file holds no such lines.
final class ProgressLine: Sendable {
    private let isShown: Bool
    private let running = Mutex<[(file: String, text: String)]>([])

    init(isShown: Bool) {
        self.isShown = isShown
    }

    func begin(_ file: String, _ text: String) {
        guard isShown else { return }
        running.withLock { running in
            running.removeAll { $0.file == file }
            running.append((file, text))
            draw(running)
        }
    }

    func end(_ file: String) {
        guard isShown else { return }
        running.withLock { running in
            running.removeAll { $0.file == file }
            draw(running)
        }
    }

    /// Takes the line away so that something can be printed; the next `begin` brings it back.
    func clear() {
        guard isShown else { return }
        running.withLock { _ in Console.writeError("\r\u{1B}[2K") }
    }

    private func draw(_ running: [(file: String, text: String)]) {
        guard let first = running.first else { return Console.writeError("\r\u{1B}[2K") }
        let more = running.count > 1 ? "  (and \(running.count - 1) more)" : ""
        let text = TerminalText.safe("\(first.file)  \(first.text)\(more)")
        Console.writeError("\r\u{1B}[2K\(TerminalText.prefix(of: text, cells: Console.width - 1))")
    }
}
