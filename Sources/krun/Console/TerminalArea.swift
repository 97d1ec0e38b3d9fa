import KrunDiagnostics
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The last lines of the terminal on stderr, which say what is going on and make way for everything else.
///
/// The cursor stands at the beginning of the last of them, so that what the terminal echoes there, such as `^C`, takes no line more.
enum TerminalArea {
    private struct Drawn {
        var lines: [String] = []
        /// The terminal's columns at that time.
        var width = 0
    }

    /// Held while lines are drawn and while something else is written.
    private static let drawn = Mutex(Drawn())
    /// Whether there are any, for who has nothing to do with the lock otherwise.
    private static let isVisible = Atomic(false)

    /// Draws the lines anew; none take those away that are there.
    static func draw(_ lines: [String]) {
        drawn.withLock { drawn in
            let width = Console.width
            guard lines != drawn.lines || (width != drawn.width && !lines.isEmpty) else { return }
            let start = drawn.lines.isEmpty ? "\r\u{1B}[2K" : erasure(of: drawn, width: width)
            // Who does not read the terminal misses nothing.
            Console.tell(start + lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\r"))
            drawn = Drawn(lines: lines, width: width)
            isVisible.store(!lines.isEmpty, ordering: .relaxed)
        }
    }

    /// Writes something while the lines are away.
    static func making<Value>(way write: () -> Value) -> Value {
        guard isVisible.load(ordering: .relaxed) else { return write() }
        return drawn.withLock { drawn in
            Console.tell(takeAway(&drawn))
            return write()
        }
    }

    /// Says something while the lines are away, for who cannot wait: who holds the lock for long has taken them away already.
    static func tell(_ text: String) {
        for _ in 0..<20 {
            let isTold: Void? = drawn.withLockIfAvailable { drawn in Console.tell(takeAway(&drawn) + text) }
            if isTold != nil { return }
            usleep(500)
        }
        Console.tell(text)
    }

    private static func takeAway(_ drawn: inout Drawn) -> String {
        let text = erasure(of: drawn, width: Console.width)
        drawn = Drawn()
        isVisible.store(false, ordering: .relaxed)
        return text
    }

    private static func erasure(of drawn: Drawn, width: Int) -> String {
        guard !drawn.lines.isEmpty else { return "" }
        let isNarrower = width < drawn.width
        // A terminal that has become narrower has broken lines that were too long.
        let rows = drawn.lines.dropLast().reduce(0) { rows, line in
            guard isNarrower, breaksLines else { return rows + 1 }
            return rows + max(1, (TerminalText.cells(line) + width - 1) / max(1, width))
        }
        // Line by line: tmux keeps in its history what is erased from the first line of the screen to the last at once.
        return "\r\u{1B}[\(isNarrower ? "J" : "2K")" + String(repeating: "\u{1B}[1A\u{1B}[2K", count: rows)
    }

    /// Whether the terminal breaks lines anew when it becomes narrower. Most do; xterm and GNU screen cut them.
    private static let breaksLines =
        Console.environment("XTERM_VERSION") == nil
        && !(Console.environment("TERM")?.hasPrefix("screen") == true && Console.environment("TMUX") == nil)
}
