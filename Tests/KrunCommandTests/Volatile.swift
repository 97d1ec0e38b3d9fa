import Foundation

/// What differs from run to run, replaced by words in angle brackets.
enum Volatile {
    private static let rules: [(pattern: String, replacement: String)] = [
        (#"127\.0\.0\.1:\d+"#, "127.0.0.1:<port>"),
        (#"(?<=kafka\.invalid:)\d+"#, "<port>"),
        (#"(?<=^| )\d\d:\d\d:\d\d\.\d{3}(?=  )"#, "<clock>"),
        (#"(?<=-)[0-9a-f]{8}…"#, "<id>…"),
        (#"(?<="port": )\d+"#, "<port>"),
        (#"-krun-[0-9a-z]+-[0-9a-z]{8}"#, "-krun-<run>"),
        (#"librdkafka \d+(\.\d+)+"#, "librdkafka <version>"),
        (#"(?<=seed )\d+|(?<="seed": )\d+"#, "<seed>"),
        (#"\b\d+ h \d+ min|\b\d+ min \d+ s|<?\b\d+(\.\d+)? (µs|us|ms|s|min|h)\b"#, "<time>"),
        (#""(\w*[dD]uration)": ("[^"]*"|[0-9.eE+-]+)"#, #""$1": <time>"#),
        (#"(?<=": ")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z(?=",?$)"#, "<timestamp>"),
    ]

    /// The text with what is volatile replaced; in lines where something was, runs of spaces after the margin become
    /// two, as the padding depends on it.
    static func normalised(_ text: String) -> String {
        text.components(separatedBy: "\n").map { line in
            let replaced = rules.reduce(line) { line, rule in
                line.replacingOccurrences(of: rule.pattern, with: rule.replacement, options: .regularExpression)
            }
            return replaced == line ? line : collapsed(replaced)
        }.joined(separator: "\n")
    }

    private static func collapsed(_ line: String) -> String {
        line.replacingOccurrences(of: #"(?<=\S) {2,}"#, with: "  ", options: .regularExpression)
    }
}
