import KrunDiagnostics

/// Text made as wide as a column, by the cells that it takes on a terminal.
package enum Padding {
    package static func left(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - TerminalText.cells(text))) + text
    }

    package static func right(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - TerminalText.cells(text)))
    }

    /// The width of the widest.
    package static func widest(of texts: some Sequence<String>) -> Int {
        texts.reduce(0) { max($0, TerminalText.cells($1)) }
    }
}
