import KrunDiagnostics
import Synchronization

/// The last line of the terminal on stderr, which says what is waited for and makes way for everything else.
enum TerminalLine {
    private static let erasure = "\r\u{1B}[2K"
    /// Held while the line is drawn and while something else is written.
    private static let isDrawn = Mutex(false)
    /// The same, for who must not wait for a lock.
    private static let isVisible = Atomic(false)

    /// Draws the line anew; an empty text takes it away.
    static func draw(_ text: String) {
        isDrawn.withLock { isDrawn in
            guard isDrawn || !text.isEmpty else { return }
            // Who does not read the terminal misses nothing.
            Console.tell(erasure + TerminalText.prefix(of: text, cells: Console.width - 1))
            isDrawn = !text.isEmpty
            isVisible.store(isDrawn, ordering: .relaxed)
        }
    }

    /// Writes something while the line is away.
    static func making<Value>(way write: () -> Value) -> Value {
        guard isVisible.load(ordering: .relaxed) else { return write() }
        return isDrawn.withLock { isDrawn in
            if isDrawn { Console.tell(erasure) }
            isDrawn = false
            isVisible.store(false, ordering: .relaxed)
            return write()
        }
    }

    /// What to write first where nobody can wait until the line is away.
    static var start: String { isVisible.load(ordering: .relaxed) ? erasure : "" }
}
