package import KrunDiagnostics
import KrunJSON
package import KrunOutcome
import KrunReports
import KrunScenario

/// What a broker answered about a step.
package struct StepReply: Sendable {
    /// As it came: JSON, ended by a line end.
    package let text: String
    /// nil where the broker did not take it up: the request was refused.
    package let status: Status?
    /// What is to be said, each ready to be printed, without a line end.
    package let problems: [String]
    private let step: (title: String, sentence: String, status: Status, duration: Duration)?

    /// - Returns: nil for what no broker of krun's has said.
    init?(_ bytes: [UInt8]) {
        guard let root = try? JSONDocument.parse(bytes, file: "answer", sizeLimit: bytes.count, allowsNUL: true).root,
            let status = root["status"]?.string, let diagnostics = root["diagnostics"], diagnostics.kind == .array,
            root["krun"]?.string != nil
        else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
        self.status = Status(rawValue: status)
        problems = diagnostics.elements.compactMap { $0["text"]?.string }.map { text in
            text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.safe(String($0)) }
                .joined(separator: "\n")
        }
        if let step = root["step"], let title = step["title"]?.string, let sentence = step["sentence"]?.string,
            let own = step["status"]?.string.flatMap({ Status(rawValue: $0) })
        {
            let duration = step["duration"]?.string.flatMap { Duration(scenarioText: $0) }
            self.step = (title, sentence, own, duration ?? .zero)
        } else {
            step = nil
        }
    }

    /// The step in one line, without its end; nil where it was not begun.
    package func line(_ style: TextStyle) -> String? {
        step.map {
            StepLine.text(
                title: $0.title, sentence: $0.sentence, status: $0.status, duration: $0.duration, style: style)
        }
    }
}
