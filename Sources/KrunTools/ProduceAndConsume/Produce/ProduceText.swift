import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunReports

/// What `krun produce` says.
struct ProduceText {
    let topic: String
    /// How long a Kafka has to answer, as people say it.
    let timeout: String
    /// Whether messages are numbered by the lines of stdin.
    let isByLine: Bool
    /// The client's name, where somebody chose one.
    var clientID: String?

    func created(partitions: Int) -> String {
        "the broker created topic \(topic) with \(Amounts.count(partitions, "partition")) (auto.create.topics.enable)"
    }

    var create: String { "`krun topics create \(topic) --partitions 3`" }

    func asksForLines(_ format: ProduceSession.Request.Format, separator: [UInt8]) -> String {
        let shape =
            switch format {
            case .json: #"{"key": "alice", "value": "espresso"}"#
            case .lines: separator.isEmpty ? "value" : "key\(String(decoding: separator, as: UTF8.self))value"
            }
        return "reading messages from the terminal, one a line, as \(shape); Ctrl+D ends"
    }

    /// Where stdin had nothing.
    var nothingToSend: String { "no messages to \(topic): stdin was empty" }

    /// `5 messages to orders: 3 to partition 0, 2 to partition 1`
    func totals(_ tally: DeliveryTally) -> String {
        let retries = tally.retries == 0 ? "" : "; \(Amounts.count(tally.retries, "retry", plural: "retries"))"
        let count = tally.deliveredInAll
        guard count > 0 else { return "no messages to \(topic)\(retries)" }
        let title = "\(Amounts.count(count, "message")) to \(topic)" + (clientID.map { " from client \($0)" } ?? "")
        let used = tally.delivered.enumerated().filter { $0.element > 0 }
        guard used.count > 8 else {
            let parts = used.map { "\(Amounts.number($0.element)) to partition \($0.offset)" }
            return "\(title): \(parts.joined(separator: ", "))\(retries)"
        }
        let counts = used.map(\.element)
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        let each = least == most ? Amounts.number(least) : "\(Amounts.number(least)) to \(Amounts.number(most))"
        return "\(title): \(Amounts.number(used.count)) partitions, \(each) each\(retries)"
    }

    func retries(_ retry: ProduceRetry) -> String {
        "partition \(retry.partition) did not take \(Amounts.count(retry.messages, "message")), sending again: \(reason(retry))"
    }

    func last(_ retry: ProduceRetry) -> String {
        "partition \(retry.partition) did not take messages: \(reason(retry))"
    }

    func unreachable(_ broker: UnreachableBroker) -> String {
        "broker \(broker.broker.id) at \(broker.broker.host):\(broker.broker.port) cannot be reached: \(broker.reason)"
    }

    private func reason(_ retry: ProduceRetry) -> String {
        (retry.errorName.map { "\($0): " } ?? "") + retry.errorReason
    }

    static let moreRetries = "further retries are counted, not shown"

    func failed(_ number: Int, key: [UInt8]?, partition: Int32, name: String, reason: String) -> String {
        let key = key.map { ", key \(KeyCell.text($0))," } ?? ""
        let partition = partition < 0 ? "" : " to partition \(partition)"
        return "\(isByLine ? "line" : "message") \(number)\(key) was not delivered\(partition): \(name): \(reason)"
    }

    static let zeroTimestamp = "a timestamp of 0 is sent as 1, a millisecond later: librdkafka cannot send 0"

    static let moreFailures = "further failures are counted, not shown"

    /// The reason of a message that was given up.
    var unanswered: String { "no answer within \(timeout) (--timeout)" }

    /// The last word where not all was delivered; nil where it was.
    ///
    /// - Parameters:
    ///   - trouble: why nobody answered, where that is so.
    ///   - advice: what else to say of it.
    func undelivered(_ tally: DeliveryTally, trouble: [String], advice: [String] = []) -> Diagnostic? {
        let lost = tally.lostInAll
        guard lost > 0 else { return nil }
        var notes = tally.failures
            .sorted { ($1.value, $0.key.name, $0.key.reason) < ($0.value, $1.key.name, $1.key.reason) }
            .map { "\(Amounts.number($0.value)) × \($0.key.name): \($0.key.reason)" }
        if tally.unanswered > 0 {
            let perhaps =
                tally.perhapsDelivered == 0
                ? "" : "; the broker may have \(Amounts.number(tally.perhapsDelivered)) of them nevertheless"
            notes.append("\(Amounts.number(tally.unanswered)) × \(unanswered)\(perhaps)")
            notes += trouble
        }
        if tally.hasFailure("MSG_SIZE_TOO_LARGE", byClient: true) {
            notes.append(
                "the client takes messages up to -X message.max.bytes=... (1000000 by default), before compression")
        }
        if tally.hasFailure("MSG_SIZE_TOO_LARGE", byClient: false) {
            notes.append(
                "the broker takes batches up to the topic's max.message.bytes, after compression; "
                    + "-X batch.size=... can make them smaller")
        }
        notes += advice
        let all = tally.deliveredInAll + lost
        return Diagnostic(
            .runtime,
            "\(Amounts.number(lost)) of \(Amounts.count(all, "message")) to \(topic) \(lost == 1 ? "was" : "were") not delivered",
            notes: notes)
    }

    static let repartition =
        "the records name partitions that the topic does not have: --repartition lets the partitioner choose, or produce to a topic with as many"

    func waiting(_ messages: Int) -> String {
        "waiting for the delivery of \(Amounts.count(messages, "message")) to \(topic) (no longer than \(timeout) without an answer, --timeout)"
    }

    var deleted: String { "topic \(topic) does not exist any more: it was deleted meanwhile" }

    func shrunk(to partitions: Int) -> String {
        "topic \(topic) has \(Amounts.count(partitions, "partition")) by now: it was deleted and created again meanwhile"
    }

    func tooLong(line: Int) -> Diagnostic {
        Diagnostic(
            .usage, "line \(line) of stdin has more than \(LineSplitter.longest >> 20) MiB",
            notes: ["a message is a line: is this text?"])
    }

    func readerGone(_ tally: DeliveryTally) -> Diagnostic {
        Diagnostic(
            .runtime, "stdout takes no more results: the rest of the input was not sent",
            notes: [totals(tally), "--quiet writes the totals only"])
    }
}

extension ProduceSession.Request.Input {
    var isStandardInput: Bool {
        if case .standardInput = self { true } else { false }
    }
}
