import Dispatch
import KrunBroker
import Synchronization
import Testing

@testable import KrunTools

/// A reader who stalls holds up nobody.
@Suite(.timeLimit(.minutes(1)))
struct BrokerLogQueueTests {
    private final class Written: Sendable {
        private let text = Mutex("")

        func add(_ more: String) {
            text.withLock { $0 += more }
        }

        var all: String { text.withLock { $0 }.replacing(/\d\d:\d\d:\d\d\.\d\d\d/, with: "<clock>") }
    }

    private func event(_ number: Int) -> BrokerEvent {
        BrokerEvent(at: .zero, .topicCreated(topic: "t\(number)", partitions: 1))
    }

    @Test func linesAreWrittenInOrderWithTheTimeOfDay() async {
        let written = Written()
        // 1970-01-01T12:34:56.007 in UTC.
        let queue = BrokerLogQueue(BrokerLog(), time: { 45_296_007 }, write: { written.add($0) })
        for number in 0..<3 { queue.take(event(number)) }
        queue.say("that was all")
        #expect(await queue.finish() == "3 topics, 0 messages, 0 groups")
        queue.take(event(3))
        let lines = (0..<3).map { "<clock>  topic t\($0): created with 1 partition\n" }
        #expect(written.all == lines.joined() + "that was all\n")
        #expect(WallTime.clock(45_296_007).hasSuffix(":56.007"))
    }

    @Test func whatDoesNotFitIsDroppedAndCounted() async {
        let written = Written()
        let (begun, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let isFirst = Mutex(true)
        let queue = BrokerLogQueue(
            BrokerLog(), capacity: 3,
            write: { text in
                if isFirst.withLock({ first in
                    defer { first = false }
                    return first
                }) {
                    begun.signal()
                    goOn.wait()
                }
                written.add(text)
            })
        queue.take(event(0))
        await withCheckedContinuation { done in
            DispatchQueue(label: "begun").async {
                begun.wait()
                done.resume()
            }
        }
        // The writer is stuck: three wait, and two are too many.
        for number in 1..<6 { queue.take(event(number)) }
        goOn.signal()
        _ = await queue.finish()
        #expect(
            written.all == """
                <clock>  topic t0: created with 1 partition
                <clock>  topic t1: created with 1 partition
                <clock>  topic t2: created with 1 partition
                <clock>  topic t3: created with 1 partition
                <clock>  2 lines missing here: this was not read in time

                """)
    }

    /// What is gathered has its line without another event.
    @Test func gatheredLinesComeByThemselves() async {
        let (lines, line) = AsyncStream<String>.makeStream()
        let queue = BrokerLogQueue(BrokerLog(), write: { line.yield($0) })
        queue.take(
            BrokerEvent(
                at: .zero,
                .recordsAppended(
                    BrokerEvent.AppendedRecords(
                        topic: "t", partition: 0, baseOffset: 0, count: 5, bytes: 9, producerId: nil))))
        for await text in lines {
            #expect(text.hasSuffix("  topic t: 5 messages in partition 0\n"))
            break
        }
        _ = await queue.finish()
    }

    /// Cheap enough for each batch and request: prints what taking one costs here.
    @Test func whatTakingAnEventCosts() async {
        let queue = BrokerLogQueue(BrokerLog(), write: { _ in })
        let appended = BrokerEvent(
            at: .zero,
            .recordsAppended(
                BrokerEvent.AppendedRecords(
                    topic: "orders", partition: 1, baseOffset: 0, count: 5, bytes: 9, producerId: nil)))
        let served = BrokerEvent(
            at: .zero,
            .requestServed(
                BrokerEvent.ServedRequest(
                    broker: 1, request: .produce, version: 7, client: "app", correlationId: 1,
                    latency: .microseconds(5),
                    error: nil, bytesIn: 100, bytesOut: 50)))
        for (name, event) in [("an appended batch", appended), ("a request", served)] {
            let count = 50_000
            let took = ContinuousClock().measure { for _ in 0..<count { queue.take(event) } }
            print("\(name) costs the log \(Int(took / .nanoseconds(1)) / count) ns")
            // Far above what it costs, for a busy machine: only a cost that grows with what is kept reaches it.
            #expect(took < .microseconds(100) * count)
        }
        #expect(await queue.finish() == "0 topics, 250 000 messages, 0 groups")
    }
}
