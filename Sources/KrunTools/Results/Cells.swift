import KrunReports

/// How figures of topics and groups stand in a table.
enum Cells {
    static func number(_ value: (some BinaryInteger)?) -> String {
        value.map { Amounts.number($0) } ?? "–"
    }

    static func brokers(_ ids: [Int32]) -> String {
        ids.map(String.init).joined(separator: ", ")
    }
}
