import Dispatch
import Foundation
import KrunKafka

/// A kitchen: reads orders, and writes a meal for each.
@main
enum Kitchen {
    static func main() {
        do {
            let environment = ProcessInfo.processInfo.environment
            guard let brokers = environment["KAFKA_BOOTSTRAP_SERVERS"] else {
                throw Trouble("KAFKA_BOOTSTRAP_SERVERS is not set")
            }
            let service = try Service(
                brokers: brokers, session: environment["SESSION_TIMEOUT_MS"] ?? "45000",
                crashMarker: environment["CRASH_ONCE"])
            let stop = StopSignals()
            while !stop.isRequested { try service.serve() }
            service.close()
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }
}

struct Trouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

struct Order: Decodable {
    let id: Int
    let dish: String
}

struct Meal: Encodable {
    let `for`: Int
    let dish: String
}

/// What an order came to: a meal, or a dead letter with the reason.
struct Answer {
    let key: [UInt8]?
    let value: [UInt8]
    let reason: String?
    let partition: Int32

    init(to record: ConsumedRecord) {
        key = record.key.map { Array($0) }
        partition = record.partition
        let order = record.value.map { Array($0) } ?? []
        do {
            let read = try JSONDecoder().decode(Order.self, from: Data(order))
            value = Array(try JSONEncoder().encode(Meal(for: read.id, dish: read.dish.uppercased())))
            reason = nil
        } catch {
            value = order
            reason = "no order"
        }
    }
}

/// Where the group stands, told when partitions come and go.
final class Positions: ConsumerDelegate {
    var next: [TopicPartition: Int64] = [:]

    func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64] {
        // Where the group has committed, or else at `auto.offset.reset`.
        partitions.map { _ in LogicalOffset.stored }
    }

    func didAssign(_ partitions: [TopicPartition], consumer: Consumer) {
        FileHandle.standardOutput.write(Data("kitchen is open\n".utf8))
    }

    func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {
        // All that was served is committed already.
        for partition in partitions { next[TopicPartition(partition.topic, partition.partition)] = nil }
    }

    func didLeaveOut(_ count: Int, consumer: Consumer) {}

    var isWaitOver: Bool { false }
}

final class Service {
    private let consumer: Consumer
    private let producer: Producer
    private let meals: ProducerTopic
    private let letters: ProducerTopic
    private let positions = Positions()
    private let crashMarker: String?
    private var served = 0

    init(brokers: String, session: String, crashMarker: String?) throws {
        self.crashMarker = crashMarker
        let log = ClientLog()
        consumer = try Consumer(
            properties: [
                "bootstrap.servers": brokers, "group.id": "kitchen", "client.id": "kitchen",
                "auto.offset.reset": "earliest", "enable.auto.commit": "false", "enable.auto.offset.store": "false",
                "session.timeout.ms": session, "heartbeat.interval.ms": "200",
            ], log: log)
        producer = try Producer(
            // Sent again where no acknowledgement comes, and never twice in the log.
            properties: ["bootstrap.servers": brokers, "client.id": "kitchen", "enable.idempotence": "true"], log: log)
        meals = try producer.topic("meals", partitioner: "consistent_random")
        letters = try producer.topic("orders-dlq", partitioner: "consistent_random")
        try consumer.subscribe(["orders"], delegate: positions)
    }

    /// Reads what is there, answers it, and commits.
    func serve() throws {
        var answers: [Answer] = []
        var trouble: (any Error)?
        let positions = positions
        _ = consumer.pollBatch(max: 20, timeout: .milliseconds(200)) { batch in
            _ = batch.forEach { event in
                switch event {
                case .record(let record):
                    answers.append(Answer(to: record))
                    positions.next[TopicPartition("orders", record.partition)] = record.offset + 1
                case .endOfPartition: break
                case .error(let error): trouble = error
                }
            }
        }
        if let trouble { throw trouble }
        guard !answers.isEmpty else { return }
        for answer in answers {
            try send(answer)
            served += 1
            if served == 5, let crashMarker { try crashOnce(crashMarker) }
        }
        // First the meals, then the commit: after a crash some are cooked twice, and none is forgotten.
        try waitForAcknowledgements()
        try consumer.commit(
            positions.next.map { TopicPartitionOffset($0.key.topic, $0.key.partition, $0.value) }, timeout: .seconds(10)
        )
    }

    func close() {
        _ = consumer.close(timeout: .seconds(10))
    }

    private func send(_ answer: Answer) throws {
        var headers: RecordHeaders?
        if let reason = answer.reason {
            FileHandle.standardError.write(Data("not an order: \(reason)\n".utf8))
            headers = RecordHeaders([
                RecordHeader("reason", Array(reason.utf8)),
                RecordHeader("from", Array("orders/\(answer.partition)".utf8)),
            ])
        }
        let key = answer.key ?? []
        try key.withUnsafeBytes { key in
            try answer.value.withUnsafeBytes { value in
                _ = try producer.send(
                    to: answer.reason == nil ? meals : letters, key: answer.key == nil ? nil : key, value: value,
                    headers: headers)
            }
        }
    }

    private func waitForAcknowledgements() throws {
        var failure: String?
        let end = ContinuousClock.now + .seconds(30)
        while producer.outstanding > 0 {
            _ = producer.serveReports(timeout: .milliseconds(100)) { report in
                if let reason = report.errorReason { failure = reason }
            }
            if .now > end { failure = "no acknowledgement within 30 s" }
            if let failure { throw Trouble("not delivered: \(failure)") }
        }
    }

    /// As power goes: the meals are there, and nothing is committed. Once, for as long as the file is there.
    private func crashOnce(_ marker: String) throws {
        guard !FileManager.default.fileExists(atPath: marker) else { return }
        try waitForAcknowledgements()
        try Data().write(to: URL(filePath: marker))
        FileHandle.standardError.write(Data("the lights go out\n".utf8))
        _exit(1)
    }
}

/// Whether somebody wants the service to end.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]
    private let requested = DispatchSemaphore(value: 0)

    init() {
        let requested = requested
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { requested.signal() }
            source.resume()
            return source
        }
    }

    var isRequested: Bool { requested.wait(timeout: .now()) == .success }
}
