/// A Java client's properties file in librdkafka's words.
public struct JavaProperties: Hashable, Sendable {
    /// A property that a Java client reads and that means nothing here, such as `key.serializer`.
    public struct Ignored: Hashable, Sendable {
        public let name: String
        /// Counted from 1.
        public let line: Int
    }

    public let properties: ClientProperties
    /// In the order of the file.
    public let ignored: [Ignored]
}

extension ClientProperties {
    /// Reads a Java client's properties file (`#` and `!` comments, `=` or `:`, continued lines, escapes) and maps it to
    /// librdkafka's names; librdkafka's own names pass through. `file` is only named in errors.
    ///
    /// Throws everything that is wrong at once: unknown names, stores that librdkafka cannot read, unknown login modules.
    public static func javaProperties(_ text: String, file: String) throws(JavaPropertiesError) -> JavaProperties {
        var mapping = JavaPropertiesMapping(JavaPropertiesReader.entries(of: text))
        mapping.run()
        guard mapping.problems.isEmpty else {
            throw JavaPropertiesError(file: file, problems: mapping.problems.sorted { $0.line < $1.line })
        }
        return JavaProperties(properties: mapping.properties, ignored: mapping.ignored)
    }
}

/// All that is wrong with a properties file, in its order; no value of a secret property is in it.
public struct JavaPropertiesError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Problem: Hashable, Sendable {
        /// Counted from 1.
        public let line: Int
        /// One sentence without a full stop.
        public let message: String
        /// The way out; may be empty.
        public let hint: String
    }

    public let file: String
    /// Never empty.
    public let problems: [Problem]

    public var description: String {
        problems.map { "\(file):\($0.line): \($0.message)" }.joined(separator: "\n")
    }
}

/// The syntax of Java's properties files: which names have which values, on which line.
enum JavaPropertiesReader {
    struct Entry: Hashable {
        var name: String
        var value: String
        var line: Int
        /// Whether `=` or `:` stands between the two, rather than a blank or nothing.
        var hasSign = true
    }

    static func entries(of text: String) -> [Entry] {
        logicalLines(of: text).map { line, number in
            var rest = line[...]
            let name = take(from: &rest) { $0 == "=" || $0 == ":" || isBlank($0) }
            rest = rest.drop(while: isBlank)
            let hasSign = rest.first == "=" || rest.first == ":"
            if hasSign { rest = rest.dropFirst().drop(while: isBlank) }
            let value = take(from: &rest) { _ in false }
            return Entry(name: name, value: value, line: number, hasSign: hasSign)
        }
    }

    /// Lines without comments and empty ones, joined where they end in a lone backslash; numbered by their first part.
    private static func logicalLines(of text: String) -> [(line: [Unicode.Scalar], number: Int)] {
        var lines: [(line: [Unicode.Scalar], number: Int)] = []
        var continues = false
        let scalars = Array(text.unicodeScalars)
        for (index, part) in physicalLines(of: scalars).enumerated() {
            var line = Array(part.drop(while: isBlank))
            if !continues, line.isEmpty || line.first == "#" || line.first == "!" { continue }
            let backslashes = line.reversed().prefix { $0 == "\\" }.count
            let isContinued = backslashes % 2 == 1
            if isContinued { line.removeLast() }
            if continues { lines[lines.count - 1].line += line } else { lines.append((line, index + 1)) }
            continues = isContinued
        }
        return lines
    }

    private static func physicalLines(of scalars: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
        var lines: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            guard scalar == "\n" || scalar == "\r" else { continue }
            lines.append(scalars[start..<index - 1])
            if scalar == "\r", index < scalars.count, scalars[index] == "\n" { index += 1 }
            start = index
        }
        if start < scalars.count { lines.append(scalars[start...]) }
        return lines
    }

    /// Takes what comes before the first unescaped end, escapes resolved.
    private static func take(
        from rest: inout ArraySlice<Unicode.Scalar>, until isEnd: (Unicode.Scalar) -> Bool
    ) -> String {
        var taken = String.UnicodeScalarView()
        while let scalar = rest.first, !isEnd(scalar) {
            rest = rest.dropFirst()
            guard scalar == "\\", let escaped = rest.first else {
                if scalar != "\\" { taken.append(scalar) }
                continue
            }
            rest = rest.dropFirst()
            switch escaped {
            case "t": taken.append("\t")
            case "n": taken.append("\n")
            case "r": taken.append("\r")
            case "f": taken.append("\u{c}")
            case "u": taken.append(takeUnicode(from: &rest))
            default: taken.append(escaped)
            }
        }
        return String(taken)
    }

    private static func takeUnicode(from rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar {
        let digits = String(String.UnicodeScalarView(rest.prefix(4)))
        rest = rest.dropFirst(4)
        return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{fffd}"
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\u{c}"
    }
}
