import Synchronization
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct EventStreamTests {
    private func event(_ number: Int) -> BrokerEvent {
        BrokerEvent(at: .milliseconds(number), .brokerStarted(Int32(number)))
    }

    @Test(arguments: [0, 1, 3, 8])
    func theNewestAreKept(capacity: Int) {
        let stream = EventStream(capacity: capacity)
        for number in 0..<7 {
            #expect(stream.recent == (0..<number).suffix(capacity).map(event))
            #expect(stream.overwritten == UInt64(max(0, number - capacity)))
            stream.record(event(number))
        }
        #expect(stream.recorded == 7)
        #expect(EventStream(capacity: -1).capacity == 0)
    }

    @Test func observersAreToldInOrderUntilTheyCancel() {
        let stream = EventStream()
        let seen = Mutex<[BrokerEvent]>([])
        let observation = stream.observe { event in seen.withLock { $0.append(event) } }
        let other = stream.observe { _ in }
        stream.record(event(0))
        stream.record(event(1))
        observation.cancel()
        observation.cancel()
        stream.record(event(2))
        #expect(seen.withLock { $0 } == [event(0), event(1)])
        other.cancel()
    }

    /// A handler runs outside the lock: it may look at the stream, record and cancel.
    @Test func anObserverMayUseTheStream() {
        let stream = EventStream()
        let observation = Mutex<EventObservation?>(nil)
        let kept = Mutex<[Int]>([])
        let added = stream.observe { event in
            kept.withLock { $0.append(stream.recent.count) }
            observation.withLock { $0 }?.cancel()
        }
        observation.withLock { $0 = added }
        stream.record(event(0))
        stream.record(event(1))
        #expect(kept.withLock { $0 } == [1])
    }

    @Test func aReaderGetsWhatComesAndEndsWithTheCluster() async {
        let stream = EventStream()
        let events = stream.events()
        for number in 0..<5 { stream.record(event(number)) }
        stream.finish()
        var seen: [BrokerEvent] = []
        for await event in events { seen.append(event) }
        #expect(seen == (0..<5).map(event))
        var after = 0
        for await _ in stream.events() { after += 1 }
        #expect(after == 0)
        #expect(stream.recent.count == 5)
    }

    @Test func aSlowReaderLosesTheOldest() async {
        let stream = EventStream()
        let events = stream.events(buffering: 2)
        for number in 0..<5 { stream.record(event(number)) }
        stream.finish()
        var seen: [BrokerEvent] = []
        for await event in events { seen.append(event) }
        #expect(seen == [event(3), event(4)])
    }

    @Test func threadsDoNotDisturbEachOther() async {
        let stream = EventStream(capacity: 64)
        let told = Mutex(0)
        let observation = stream.observe { _ in told.withLock { $0 += 1 } }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for number in 0..<2000 {
                        stream.record(event(number))
                        if number % 500 == task { _ = stream.recent }
                    }
                }
            }
        }
        #expect(stream.recorded == 8000 && stream.recent.count == 64 && stream.overwritten == 7936)
        #expect(told.withLock { $0 } == 8000)
        observation.cancel()
    }

    /// Cheap enough to leave on: prints what an event costs here, nobody listening.
    @Test func whatAnEventCosts() {
        let stream = EventStream()
        let client = "rdkafka-client-with-a-long-name"
        let count = 100_000
        let took = ContinuousClock().measure {
            for number in 0..<count {
                stream.record(
                    BrokerEvent(
                        at: .microseconds(number),
                        .requestServed(
                            BrokerEvent.ServedRequest(
                                broker: 1, request: .produce, version: 7, client: client, correlationId: Int32(number),
                                latency: .microseconds(5), error: nil, bytesIn: 100, bytesOut: 50))))
            }
        }
        print("an event costs \(Int(took / .nanoseconds(1)) / count) ns")
        // Far above what it costs, for a busy machine: only a cost that grows with what is kept reaches it.
        #expect(took < .microseconds(100) * count)
    }
}
