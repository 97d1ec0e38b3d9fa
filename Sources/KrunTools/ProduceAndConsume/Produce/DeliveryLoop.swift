import KrunConnection
package import KrunKafka
import KrunReports
import Synchronization

/// Serves the delivery reports of one producer on a thread of its own: counts, tells and writes what became of each message.
struct DeliveryLoop {
    /// How long results are held back where nobody watches them.
    private static let holdBack: Duration = .milliseconds(50)
    private static let portion = 64 << 10
    /// So many lines about messages of a kind are shown.
    private static let maximumWarnings = 10

    let producer: Producer
    let board: DeliveryBoard
    let request: ProduceSession.Request
    let text: ProduceText
    let retries: RetryWatch
    let output: any ProduceOutput
    let timeout: Duration
    let kafka: KafkaConnection
    let isOver: @Sendable () -> Bool

    private(set) var result = DeliveryResult()
    private var buffer: [UInt8] = []
    private var lastWrite = ContinuousClock.now
    private var warnedOfRetries = 0
    private var warnedOfFailures = 0
    private var isReaderGone = false

    init(
        producer: Producer, board: DeliveryBoard, request: ProduceSession.Request, text: ProduceText,
        retries: RetryWatch,
        output: any ProduceOutput, kafka: KafkaConnection, isOver: @escaping @Sendable () -> Bool
    ) {
        self.producer = producer
        self.board = board
        self.request = request
        self.text = text
        self.retries = retries
        self.output = output
        self.kafka = kafka
        timeout = kafka.timeout
        self.isOver = isOver
    }

    /// Returns when everything that was sent has its report, or was given up: because nobody answered for `timeout`, or that long
    /// after it was over, or soon after it was over where the Kafka answers nobody.
    mutating func run() {
        var reported = 0
        var lastAnswer = ContinuousClock.now
        var isWaiting = false
        var overSince: ContinuousClock.Instant?
        var purgedSince: ContinuousClock.Instant?
        while true {
            let served = producer.serveReports(timeout: Self.holdBack) { report in take(report) }
            reported += served
            for refusal in board.takeRefusals() { take(refusal) }
            for retry in retries.take() where retry.topic == request.topic { take(retry) }
            let now = ContinuousClock.now
            if served == 0 || output.isWatched || now - lastWrite >= Self.holdBack { write() }
            board.makeRoom()

            let sent = board.sent
            if sent.isAll, reported >= sent.count { break }
            if served > 0 || reported >= sent.count {
                lastAnswer = .now
                if isWaiting { kafka.waits.end() }
                isWaiting = false
            } else if !isWaiting {
                isWaiting = true
                let waiting = text.waiting(sent.count - reported)
                kafka.waits.begin(waiting) { [watch = kafka.watch] in watch.reason }
            }
            if overSince == nil, isOver() { overSince = now }
            if let purgedSince {
                if now - purgedSince > Budget.purge {
                    result.tally.unanswered += max(0, sent.count - reported)
                    break
                }
            } else if now - lastAnswer > timeout || overSince.map({ isTooLate(now, since: $0) }) ?? false {
                result.isStalled = true
                board.stop()
                producer.purge()
                purgedSince = now
            }
        }
        for refusal in board.takeRefusals() { take(refusal) }
        for retry in retries.take() where retry.topic == request.topic { take(retry) }
        write()
        kafka.waits.end()
        result.isReaderGone = isReaderGone
    }

    /// Whether what is not answered yet is given up, so long after it was over.
    private func isTooLate(_ now: ContinuousClock.Instant, since over: ContinuousClock.Instant) -> Bool {
        let isSilent = kafka.watch.isSilent(for: Budget.hurriedLeave)
        return now - over > (isSilent ? min(timeout, Budget.hurriedLeave) : timeout)
    }

    private mutating func take(_ report: borrowing DeliveryReport) {
        if report.errorCode == 0 {
            result.tally.deliver(to: report.partition)
            if !request.isQuiet, !isReaderGone { append(report) }
            return
        }
        let name = report.errorName ?? ""
        let isGivenUp = name == "_PURGE_QUEUE" || name == "_PURGE_INFLIGHT"
        let reason = isGivenUp ? text.unanswered : report.errorReason ?? ""
        if isGivenUp {
            result.tally.unanswered += 1
            if report.mayBePersisted { result.tally.perhapsDelivered += 1 }
        } else {
            result.tally.fail(name, reason: reason)
            warn(
                number: Int(report.tag), key: report.key, partition: report.partition, name: name, reason: reason)
        }
        if request.output == .json, !isReaderGone {
            RecordLine.append(
                topic: request.topic, partition: report.partition < 0 ? nil : report.partition, offset: nil,
                timestamp: report.timestamp, key: report.key, value: report.value, headers: report.headers,
                error: (name, reason), to: &buffer)
            if buffer.count >= Self.portion { write() }
        }
    }

    private mutating func append(_ report: borrowing DeliveryReport) {
        switch request.output {
        case .pretty:
            RecordText.append(
                partition: report.partition, offset: report.offset, key: report.key, value: report.value,
                headers: report.headers, to: &buffer)
            buffer.append(UInt8(ascii: "\n"))
        case .json:
            RecordLine.append(
                topic: request.topic, partition: report.partition, offset: report.offset, timestamp: report.timestamp,
                key: report.key, value: report.value, headers: report.headers, to: &buffer)
        }
        if buffer.count >= Self.portion { write() }
    }

    private mutating func take(_ refusal: DeliveryBoard.Refusal) {
        result.tally.fail(refusal.name, reason: refusal.reason, isRefusedByClient: true)
        func lend(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
            if let bytes { bytes.withUnsafeBytes { body($0) } } else { body(nil) }
        }
        lend(refusal.key) { key in
            warn(
                number: refusal.number, key: key, partition: refusal.partition, name: refusal.name,
                reason: refusal.reason)
            guard request.output == .json, !isReaderGone else { return }
            lend(refusal.value) { value in
                RecordLine.append(
                    topic: request.topic, partition: refusal.partition < 0 ? nil : refusal.partition, offset: nil,
                    timestamp: refusal.timestamp, key: key, value: value, headers: refusal.headers,
                    error: (refusal.name, refusal.reason), to: &buffer)
            }
        }
        if buffer.count >= Self.portion { write() }
    }

    private mutating func take(_ retry: ProduceRetry) {
        result.tally.retries += retry.messages
        result.lastRetry = retry
        guard warnedOfRetries <= Self.maximumWarnings else { return }
        output.warn(warnedOfRetries == Self.maximumWarnings ? ProduceText.moreRetries : text.retries(retry))
        warnedOfRetries += 1
    }

    private mutating func warn(
        number: Int, key: UnsafeRawBufferPointer?, partition: Int32, name: String, reason: String
    ) {
        guard warnedOfFailures <= Self.maximumWarnings else { return }
        output.warn(
            warnedOfFailures == Self.maximumWarnings
                ? ProduceText.moreFailures
                : text.failed(number, key: key.map { Array($0) }, partition: partition, name: name, reason: reason))
        warnedOfFailures += 1
    }

    private mutating func write() {
        lastWrite = .now
        guard !buffer.isEmpty else { return }
        if !output.writeResults(buffer) {
            isReaderGone = true
            board.stop()
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// What the thread of a `DeliveryLoop` hands over at its end.
struct DeliveryResult: Sendable {
    var tally = DeliveryTally()
    /// Whether it gave up because nobody answered.
    var isStalled = false
    /// Whether nobody reads the results any more.
    var isReaderGone = false
    var lastRetry: ProduceRetry?
}

/// What has become of the messages so far.
package struct DeliveryTally: Hashable, Sendable {
    /// Why messages were not delivered.
    package struct Failure: Hashable, Sendable {
        /// The error's name.
        package var name: String
        /// Such as `Broker: Message size too large`.
        package var reason: String
        /// Whether no broker was asked.
        package var isRefusedByClient: Bool
    }

    /// How many messages each partition has got.
    package private(set) var delivered: [Int] = []
    /// How many messages; without those that nobody answered for.
    package private(set) var failures: [Failure: Int] = [:]
    /// Given up without an answer.
    package internal(set) var unanswered = 0
    /// Those of them that a broker may have.
    package internal(set) var perhapsDelivered = 0
    /// How often a message was sent again.
    package internal(set) var retries = 0

    package init() {}

    package var deliveredInAll: Int { delivered.reduce(0, +) }
    package var lostInAll: Int { failures.values.reduce(unanswered, +) }

    mutating func deliver(to partition: Int32) {
        let index = Int(partition)
        while delivered.count <= index { delivered.append(0) }
        delivered[index] += 1
    }

    mutating func fail(_ name: String, reason: String, isRefusedByClient: Bool = false) {
        failures[Failure(name: name, reason: reason, isRefusedByClient: isRefusedByClient), default: 0] += 1
    }

    /// Whether messages failed with an error; with `byClient` only those that it refused itself, or that it did not.
    func hasFailure(_ name: String, byClient: Bool? = nil) -> Bool {
        failures.keys.contains { $0.name == name && (byClient ?? $0.isRefusedByClient) == $0.isRefusedByClient }
    }
}

/// Finds in a producer's log which messages are sent again.
package final class RetryWatch: Sendable {
    private let found = Mutex<[ProduceRetry]>([])
    private let debug: String?

    /// - Parameter properties: the user's; with a `debug` of their own, its lines are there too.
    package init(_ properties: ClientProperties) {
        debug = properties["debug"]
    }

    /// What `debug` must be for the producer.
    var debugProperty: String {
        guard let debug, !debug.isEmpty else { return ProduceRetry.debugContext }
        return "\(debug),\(ProduceRetry.debugContext)"
    }

    /// A log for the producer.
    ///
    /// - Parameter handler: sees the lines that were asked for.
    package func makeLog(handler: (@Sendable (ClientLog.Line) -> Void)?) -> ClientLog {
        let asked = (debug ?? "").split(separator: ",")
        let isAsked = asked.contains(Substring(ProduceRetry.debugContext)) || asked.contains("all")
        // The lines that are there for the retries alone would drive out those that say what is wrong.
        let isKept: @Sendable (ClientLog.Line) -> Bool = { isAsked || !ProduceRetry.isOfDebugContext($0) }
        return ClientLog(isKept: isKept) { [self] line in
            if let retry = ProduceRetry(line) { found.withLock { $0.append(retry) } }
            if let handler, isKept(line) { handler(line) }
        }
    }

    /// What was found since it was asked for last.
    func take() -> [ProduceRetry] {
        found.withLock { found in
            defer { found = [] }
            return found
        }
    }
}
