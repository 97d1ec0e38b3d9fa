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
