/// Kafka's rules for the names of topics (`org.apache.kafka.common.internals.Topic`).
enum TopicName {
    static let longest = 249

    /// Why a name is refused, in Kafka's words as an administrator knows them; nil for a good one.
    static func problem(with name: String) -> String? {
        if name.isEmpty { return "the empty string is not allowed" }
        if name == "." || name == ".." { return "'\(name)' is not allowed" }
        if name.utf8.count > longest {
            return "the length of '\(name)' is longer than the max allowed length \(longest)"
        }
        if !name.utf8.allSatisfy(isAllowed) {
            return "'\(name)' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
        }
        return nil
    }

    /// Names that differ only in `.` and `_` have the same metric name, and Kafka takes only the first of them.
    static func metricName(_ name: String) -> String {
        String(name.map { $0 == "." ? "_" : $0 })
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
