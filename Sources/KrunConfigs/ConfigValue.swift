/// The type of a config's value, by the numbers of DescribeConfigs v3 (protocol guide).
package enum ConfigType: Int8, Sendable {
    /// Of a config that is in no table.
    case unknown = 0
    case boolean = 1
    case string = 2
    case int = 3
    case short = 4
    case long = 5
    case double = 6
    case list = 7
    case `class` = 8
    case password = 9

    /// As error messages say it: "Not a number of type LONG".
    package var name: String {
        switch self {
        case .unknown: "UNKNOWN"
        case .boolean: "BOOLEAN"
        case .string: "STRING"
        case .int: "INT"
        case .short: "SHORT"
        case .long: "LONG"
        case .double: "DOUBLE"
        case .list: "LIST"
        case .class: "CLASS"
        case .password: "PASSWORD"
        }
    }

    /// A value nobody may read back; what cannot be told is treated as one.
    package var isSensitive: Bool { self == .password || self == .unknown }
}

/// A config's value, parsed.
package enum ConfigValue: Equatable, Sendable {
    case boolean(Bool)
    /// Of the types short, int and long, within their range.
    case integer(Int64)
    case double(Double)
    case string(String)
    case list([String])

    /// As DescribeConfigs shows it: the parsed value, so that ` 007 ` reads `7`.
    package var shown: String {
        switch self {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .double(let value): Self.shown(value)
        case .string(let value): value
        case .list(let values): values.joined(separator: ",")
        }
    }

    /// As Kafka's error messages show it.
    package var inMessage: String {
        if case .list(let values) = self { return "[\(values.joined(separator: ", "))]" }
        return shown
    }

    package var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    package var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    package var double: Double? {
        if case .double(let value) = self { value } else { nil }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var list: [String]? {
        if case .list(let values) = self { values } else { nil }
    }

    /// A double as Java prints it: `1.0E10`, `1.0E-4`.
    private static func shown(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
        let magnitude = value.magnitude
        if magnitude == 0 || (magnitude >= 0.001 && magnitude < 10_000_000) { return "\(value)" }
        var text = "\(value)".split(separator: "e", maxSplits: 1)
        if text.count == 1 {
            // Swift writes out what Java gives an exponent: move the point behind the first digit.
            let whole = text[0].split(separator: ".")[0].drop { $0 == "-" }
            let digits = text[0].filter { $0.isNumber }.drop { $0 == "0" }
            let exponent =
                magnitude < 1
                ? -(text[0].drop { $0 != "." }.dropFirst().prefix { $0 == "0" }.count + 1) : whole.count - 1
            var rest = digits.dropFirst()
            while rest.last == "0" { rest.removeLast() }
            return "\(value < 0 ? "-" : "")\(digits.first ?? "0").\(rest.isEmpty ? "0" : String(rest))E\(exponent)"
        }
        if !text[0].contains(".") { text[0] += ".0" }
        return "\(text[0])E\(Int(text[1]) ?? 0)"
    }
}

/// The names that `message.format.version` and `inter.broker.protocol.version` may have: `2.8`, `2.8-IV1`, `2.8.0`.
enum KafkaVersionName {
    /// How many intermediate versions (`-IV0` and on) each release has.
    private static let releases: [String: Int] = [
        "0.8.0": 0, "0.8.1": 0, "0.8.2": 0, "0.9.0": 0, "0.10.0": 2, "0.10.1": 3, "0.10.2": 1, "0.11.0": 3, "1.0": 1,
        "1.1": 1, "2.0": 2, "2.1": 3, "2.2": 2, "2.3": 2, "2.4": 2, "2.5": 1, "2.6": 1, "2.7": 3, "2.8": 2, "3.0": 2,
        "3.1": 1, "3.2": 1, "3.3": 4, "3.4": 1, "3.5": 3, "3.6": 3, "3.7": 5, "3.8": 1, "3.9": 1,
    ]

    static func isKnown(_ name: String) -> Bool {
        let segments = name.split(separator: ".", omittingEmptySubsequences: false)
        let counted = name.hasPrefix("0.") ? 3 : 2
        // Anything after the release's own segments is a bugfix number, which does not matter.
        let release = segments.count > counted ? segments.prefix(counted).joined(separator: ".") : name
        guard let mark = release.range(of: "-IV") else { return releases[release] != nil }
        guard let count = releases[String(release[..<mark.lowerBound])] else { return false }
        return (0..<count).contains { String($0) == release[mark.upperBound...] }
    }
}

extension String {
    /// The first occurrence of `text`, without Foundation.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        indices.lazy.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }
}
