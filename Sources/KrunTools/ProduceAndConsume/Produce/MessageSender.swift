import KrunConnection
import KrunKafka

/// Hands messages to librdkafka: not faster than it takes them, nor than was asked for.
struct MessageSender {
    /// How long a look at the topic holds for partitions that it did not show: a producer of many such records asks no more often.
    private static let lookLifetime: Duration = .milliseconds(100)
    /// How long a look may take.
    private static let lookTimeout: Duration = .seconds(5)
    /// What librdkafka puts before its reason.
    private static let preface = "Failed to enqueue message: "

    let producer: Producer
    let topic: ProducerTopic
    let board: DeliveryBoard
    let request: ProduceSession.Request
    let isOver: @Sendable () -> Bool
    /// What ended the producer for good.
    private(set) var fatal: KafkaError?
    private var sent = 0
    private var lastLook: ContinuousClock.Instant?
    private var pacer: Pacer?
    /// The headers of a message that has none of its own.
    private let ownHeaders: RecordHeaders?

    init(
        producer: Producer, topic: ProducerTopic, board: DeliveryBoard, request: ProduceSession.Request,
        isOver: @escaping @Sendable () -> Bool
    ) {
        self.producer = producer
        self.topic = topic
        self.board = board
        self.request = request
        self.isOver = isOver
        pacer = request.rate.map { Pacer(rate: $0) }
        ownHeaders = request.headers.isEmpty ? nil : RecordHeaders(request.headers)
    }

    /// Whether no more should be sent.
    var mustStop: Bool { board.mustStop || isOver() }

    /// Sends one message; false when no more should be sent.
    ///
    /// - Parameters:
    ///   - number: what it is called where it fails.
    ///   - headers: its own.
    mutating func send(
        _ number: Int, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, partition: Int32? = nil,
        timestamp: Int64? = nil, headers: [RecordHeader] = []
    ) -> Bool {
        guard waitForTurn() else { return false }
        let all = headers.isEmpty ? ownHeaders : RecordHeaders(headers + request.headers)
        let partition = request.partition ?? (request.repartitions ? nil : partition) ?? -1
        var hasLooked = false
        while !mustStop {
            do {
                let result = try producer.send(
                    to: topic, partition: partition, key: key, value: value, timestamp: timestamp ?? 0, headers: all,
                    tag: UInt(number))
                if result == .queued {
                    sent += 1
                    board.setSent(sent)
                    return true
                }
                if producer.outstanding > 0 {
                    board.waitForRoom()
                    continue
                }
                // Alone it is larger than `queue.buffering.max.kbytes`.
                refuse(
                    number, key, value, partition, timestamp, headers, name: "_QUEUE_FULL",
                    reason: "the message is larger than librdkafka's queue (queue.buffering.max.kbytes)")
            } catch  where !hasLooked && isThere(partition, after: error) {
                hasLooked = true
                continue
            } catch {
                var reason = error.plainReason
                if reason.hasPrefix(Self.preface) { reason.removeFirst(Self.preface.count) }
                refuse(number, key, value, partition, timestamp, headers, name: error.name, reason: reason)
                if error.isFatal { fatal = error }
            }
            return fatal == nil
        }
        return false
    }

    /// Whether what librdkafka takes for missing is there by now, looking at the topic anew.
    private mutating func isThere(_ partition: Int32, after error: KafkaError) -> Bool {
        guard ["_UNKNOWN_PARTITION", "_UNKNOWN_TOPIC"].contains(error.name) else { return false }
        if let lastLook, .now - lastLook < Self.lookLifetime { return false }
        let count = (try? producer.lookAgain(at: topic, timeout: Self.lookTimeout)) ?? 0
        lastLook = .now
        return count > max(0, partition)
    }

    private func refuse(
        _ number: Int, _ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?, _ partition: Int32,
        _ timestamp: Int64?, _ headers: [RecordHeader], name: String, reason: String
    ) {
        board.refuse(
            DeliveryBoard.Refusal(
                number: number, partition: partition, key: key.map { Array($0) },
                value: request.output == .json ? value.map { Array($0) } : nil,
                headers: headers + request.headers, timestamp: timestamp, name: name, reason: reason))
    }

    /// Waits as the rate wants it; false when it is over before.
    private mutating func waitForTurn() -> Bool {
        guard var pacer else { return true }
        let end = ContinuousClock.now + pacer.delay()
        self.pacer = pacer
        while ContinuousClock.now < end {
            if mustStop { return false }
            Pause.block(min(end - .now, .milliseconds(50)))
        }
        return true
    }
}

/// When the next message may be sent, at so many per second.
package struct Pacer {
    /// How much of what was missed is made up for: a pause that took too long is, an input that was silent is not.
    private static let catchUp: Duration = .milliseconds(100)

    /// Messages per second that can be asked for.
    package static let rates = 0.001...1e9

    private let interval: Duration
    private var next: ContinuousClock.Instant

    /// - Parameter rate: within `rates`, or taken as the nearest that is.
    init(rate: Double, now: ContinuousClock.Instant = .now) {
        let rate = min(max(rate, Self.rates.lowerBound), Self.rates.upperBound)
        interval = .nanoseconds(Int64(1e9 / rate))
        next = now
    }

    /// How long to wait until the next message, which is taken as sent then.
    mutating func delay(now: ContinuousClock.Instant = .now) -> Duration {
        next = max(next, now - Self.catchUp)
        defer { next += interval }
        return max(.zero, next - now)
    }

    /// When the next one may come after so many have come just now.
    mutating func next(after count: Int, now: ContinuousClock.Instant = .now) -> ContinuousClock.Instant {
        next = max(next, now - Self.catchUp) + interval * count
        return next
    }
}
