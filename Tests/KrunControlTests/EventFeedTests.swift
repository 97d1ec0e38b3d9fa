import KrunBroker
import Synchronization
import Testing

@testable import KrunControl

/// What happens, as lines for one reader after the other.
@Suite(.timeLimit(.minutes(5)))
struct EventFeedTests {
    private static func created(_ number: Int) -> BrokerEvent.Kind {
        .topicCreated(topic: "t\(number)", partitions: 1)
    }

    private static func line(_ number: Int, at time: Int64 = 1_000) -> String {
        "{\"timestamp\":\(time),\"name\":\"topic_created\",\"topic\":\"t\(number)\",\"partitions\":1}\n"
    }

    @Test func aReaderIsCalledOnceForWhatWaits() {
        let calls = Atomic(0)
        let feed = EventFeed(time: { 1_000 }, wake: { calls.add(1, ordering: .relaxed) })
        for number in 1...100 { feed.take(Self.created(number)) }
        #expect(calls.load(ordering: .relaxed) == 1)
        #expect(feed.lines() == (1...64).map { Self.line($0) }.joined())
        #expect(feed.lines() == (65...100).map { Self.line($0) }.joined())
        #expect(feed.lines() == nil)
        feed.take(Self.created(101))
        #expect(calls.load(ordering: .relaxed) == 2)
        #expect(feed.lines() == Self.line(101))
    }

    /// Behind the gap the lines go on.
    @Test func aReaderWhoStallsIsToldHowManyAreMissing() {
        let feed = EventFeed(capacity: 3, time: { 1_000 }, wake: {})
        for number in 1...10 { feed.take(Self.created(number)) }
        #expect(
            feed.lines() == (1...3).map { Self.line($0) }.joined()
                + "{\"timestamp\":1000,\"name\":\"events_missing\",\"count\":7}\n")
        #expect(feed.lines() == nil)
        feed.take(Self.created(11))
        #expect(feed.lines() == Self.line(11))
    }

    @Test func nothingIsTakenAfterTheEnd() {
        let feed = EventFeed(time: { 1_000 }, wake: {})
        feed.take(Self.created(1))
        feed.stop()
        feed.take(Self.created(2))
        #expect(feed.lines() == Self.line(1))
        #expect(feed.lines() == nil)
    }

    // MARK: Over the wire

    @Test func eventsAreStreamed() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2))
        let server = try ControlServer(port: 0, of: cluster, brokers: 2, version: "0.0.0")
        let connection = try RawConnection(server.address)
        connection.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let head = await connection.read(until: "\r\n\r\n")
        #expect(
            head == """
                HTTP/1.1 200 OK\r
                Content-Type: application/x-ndjson\r
                Cache-Control: no-store\r
                X-Content-Type-Options: nosniff\r
                Cross-Origin-Resource-Policy: same-origin\r
                Connection: close\r
                transfer-encoding: chunked\r
                \r

                """)
        // Whoever has the head misses nothing.
        try cluster.createTopic("orders", partitions: 3)
        try cluster.stopBroker(2)
        let lines = await connection.read(until: "broker_stopped")
        #expect(
            lines.replacing(/"timestamp":\d{13},/, with: "").contains(
                "{\"name\":\"topic_created\",\"topic\":\"orders\",\"partitions\":3}\n"))
        #expect(lines.contains("\"name\":\"broker_stopped\",\"broker\":2}"))
        await server.close()
        cluster.close()
        // The end is one, and no broken connection.
        #expect(await connection.read().hasSuffix("0\r\n\r\n"))
    }

    @Test func requestsAreToldWhereTheyAreAskedFor() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            try cluster.cluster.createTopic("orders", partitions: 1)
            let (without, with) = (try RawConnection(cluster.server.address), try RawConnection(cluster.server.address))
            without.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with.send("GET /events?requests=true HTTP/1.1\r\nHost: localhost\r\n\r\n")
            for connection in [without, with] { _ = await connection.read(until: "\r\n\r\n") }
            let answer = try await cluster.step("{ \"produce\": \"orders\", \"messages\": [{ \"value\": \"tea\" }] }")
            #expect(answer.status == "HTTP/1.1 200 OK")
            try cluster.cluster.createTopic("end")
            let all = await with.read(until: "\"topic\":\"end\"")
            let few = await without.read(until: "\"topic\":\"end\"")
            #expect(all.contains("\"name\":\"request_served\",\"broker\":1,\"request\":\"Produce\","))
            #expect(
                few.contains(
                    "\"name\":\"records_appended\",\"topic\":\"orders\",\"partition\":0,\"baseOffset\":0,\"count\":1,"))
            #expect(!few.contains("request_served"))
        }
    }

    /// Nobody reads, and much happens: the cluster goes on, and no more is kept than is bounded.
    @Test func aReaderWhoStallsHoldsUpNobody() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            let connection = try RawConnection(cluster.server.address)
            connection.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = await connection.read(until: "\r\n\r\n")
            let name = String(repeating: "x", count: 200)
            for number in 0..<60_000 {
                cluster.cluster.events.record(
                    BrokerEvent(at: .zero, .topicCreated(topic: "\(name)\(number)", partitions: 1)))
            }
            #expect(try await cluster.step("{ \"fault\": \"heal\" }").status == "HTTP/1.1 200 OK")
            let lines = await connection.read(until: "events_missing")
            #expect(lines.contains("\(name)0\""))
            #expect(!lines.contains("\(name)59999\""))
        }
    }
}
