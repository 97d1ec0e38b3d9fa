import KrunDiagnostics
import KrunKafka
import KrunPatterns
import KrunScenario

/// A pattern of topics on a command line: a whole name in which `*` stands for any text and `?` for one character, which no name of a
/// topic has.
///
/// It is not Kafka's `^` with a regular expression: a dot, which many names have, means itself here, as in all patterns of krun's command
/// line.
package struct TopicPattern {
    private let wildcard: Wildcard
    /// Whether Kafka's own topics are meant, too.
    private let hasInternal: Bool

    /// Nil where the text is no pattern, but a name.
    init?(_ text: String) {
        guard Self.isOne(text), let wildcard = Wildcard(text, hasSets: false) else { return nil }
        self.wildcard = wildcard
        hasInternal = text.hasPrefix("__")
    }

    /// Whether it is a name rather than a pattern, or what looks like a regular expression.
    package static func isName(_ text: String) -> Bool { !isOne(text) && !text.hasPrefix("^") }

    private static func isOne(_ text: String) -> Bool { text.contains { $0 == "*" || $0 == "?" } }

    /// What keeps a text from being a name of topics or a pattern of them; nil where nothing does.
    package static func fault(of text: String) -> String? {
        if text.hasPrefix("^") {
            return
                "a pattern has * for any text and ? for one character, such as 'orders-*'; a regular expression is none"
        }
        // What stands for others is looked at as one of them.
        let name = isOne(text) ? text.replacing("*", with: "x").replacing("?", with: "x") : text
        return KafkaName.fault(of: name, existing: true)
    }

    func matches(_ topic: String) -> Bool {
        wildcard.matches(topic) && (hasInternal || !TopicFigures.isInternal(topic))
    }
}

extension KafkaConnection {
    /// Topics by name, with those that are there now in the place of each pattern, in order; each once.
    ///
    /// - Throws: `Diagnostics` about every pattern that no topic matches, and every text that is neither a name nor a pattern.
    package func topicNames(_ texts: [String]) throws -> [String] {
        let patterns = texts.map(TopicPattern.init)
        guard patterns.contains(where: { $0 != nil }) || texts.contains(where: { $0.hasPrefix("^") }) else {
            return texts
        }
        let faults = texts.compactMap { text in
            TopicPattern.fault(of: text).map { Diagnostic(.usage, "\"\(text)\" is no name for a topic", notes: [$0]) }
        }
        guard faults.isEmpty else { throw Diagnostics(faults) }
        let all = try attempt { try $0.metadata(timeout: timeout).topics.map(\.name) }.sorted()
        var names: [String] = []
        var vain: [Diagnostic] = []
        for (text, pattern) in zip(texts, patterns) {
            let found = pattern.map { pattern in all.filter { pattern.matches($0) } } ?? [text]
            if found.isEmpty { vain.append(noMatch(text)) }
            for name in found where !names.contains(name) { names.append(name) }
        }
        guard vain.isEmpty else { throw Diagnostics(vain) }
        return names
    }

    private func noMatch(_ pattern: String) -> Diagnostic {
        Diagnostic(
            .runtime, "no topic on \(address.bootstrap) matches \(pattern)",
            notes: ["a pattern is of the whole name; `krun topics list` lists those that are there"])
    }
}
