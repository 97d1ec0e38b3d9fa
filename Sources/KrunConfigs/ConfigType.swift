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
