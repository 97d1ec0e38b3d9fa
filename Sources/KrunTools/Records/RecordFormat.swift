import KrunKafka

/// How `krun consume` writes records.
package enum RecordFormat: Hashable, Sendable {
    /// A line for people, `RecordText`.
    case pretty
    /// A line of JSON, `RecordLine`.
    case json
    /// The value and a line end.
    case raw
    case format(FormatString)

    /// Appends a record.
    ///
    /// - Parameters:
    ///   - showsTopic: whether a line for people names the topic.
    ///   - onTerminal: whether a terminal shows it, which nothing of the record must steer.
    func append(_ record: ConsumedRecord, topic: String, showsTopic: Bool, onTerminal: Bool, to line: inout [UInt8]) {
        switch self {
        case .pretty:
            RecordText.append(
                topic: showsTopic ? topic : nil, partition: record.partition, offset: record.offset, key: record.key,
                value: record.value, headers: record.headers, to: &line)
            line.append(UInt8(ascii: "\n"))
        case .json: RecordLine.append(record, topic: topic, to: &line)
        case .raw:
            if let value = record.value { PlainBytes.append(value, onTerminal: onTerminal, to: &line) }
            line.append(UInt8(ascii: "\n"))
        case .format(let format): format.append(record, topic: topic, onTerminal: onTerminal, to: &line)
        }
    }
}
