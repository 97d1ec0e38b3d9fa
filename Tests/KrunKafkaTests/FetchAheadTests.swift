import Testing

@testable import KrunKafka

@Suite struct FetchAheadTests {
    /// Consumers, brokers, and what follows.
    @Test(arguments: [
        (1, 1, FetchAhead.Bounds(kilobytes: 2048, messages: 40_000)),
        (1, 3, FetchAhead.Bounds(kilobytes: 1024, messages: 40_000)),
        (3, 1, FetchAhead.Bounds(kilobytes: 682, messages: 13_333)),
        (3, 3, FetchAhead.Bounds(kilobytes: 341, messages: 13_333)),
        (600, 3, FetchAhead.Bounds(kilobytes: 64, messages: 2_000)),
        (0, 0, FetchAhead.Bounds(kilobytes: 2048, messages: 40_000)),
    ])
    func boundsFollowFromWhatSharesTheMemory(consumers: Int, brokers: Int, bounds: FetchAhead.Bounds) {
        #expect(FetchAhead(consumers: consumers, brokers: brokers).bounds == bounds)
    }

    /// All together ask no more than 1 000 times a second where there is nothing to read.
    @Test(arguments: [(1, 1, 20), (1, 3, 20), (7, 3, 21), (100, 3, 300), (600, 3, 500), (0, 0, 20)])
    func aBrokerWaitsNoLongerThanItMust(consumers: Int, brokers: Int, milliseconds: Int) {
        #expect(FetchAhead(consumers: consumers, brokers: brokers).wait == milliseconds)
    }

    @Test func librdkafkaTakesTheProperties() throws {
        let ahead = FetchAhead(brokers: 1)
        var expected: ClientProperties = [
            "queued.min.messages": "40000", "queued.max.messages.kbytes": "2048",
            "fetch.message.max.bytes": "2097152", "message.max.bytes": "1000",
            "fetch.wait.max.ms": "20",
        ]
        if KafkaLibrary.versionNumbers[0] * 100 + KafkaLibrary.versionNumbers[1] >= 202 {
            expected["fetch.queue.backoff.ms"] = "1"
        }
        #expect(ahead.properties == expected)
        _ = try Consumer(properties: ahead.properties, log: ClientLog())
        // A user's own, larger and smaller, go with the rest.
        for own: ClientProperties in [
            ["message.max.bytes": "5000000"], ["fetch.max.bytes": "100000"], ["queued.max.messages.kbytes": "1"],
            ["fetch.message.max.bytes": "50000000"],
        ] {
            _ = try Consumer(properties: ahead.properties.merging(own), log: ClientLog())
        }
    }
}

@Suite struct FetchPaceTests {
    /// Whether it is due after each of these was taken, and again without more.
    private func due(_ pace: inout FetchPace, _ taken: (messages: Int, bytes: Int)...) -> [Bool] {
        taken.map {
            pace.record(messages: $0.messages, bytes: $0.bytes)
            return pace.isDue()
        } + [pace.isDue()]
    }

    @Test func isDueOnceAfterAQuarterOfTheMessages() {
        var pace = FetchPace(["queued.min.messages": "400", "queued.max.messages.kbytes": "1000"])
        #expect(due(&pace, (99, 99), (1, 1)) == [false, true, false])
        #expect(due(&pace, (100, 0)) == [true, false])
    }

    @Test func isDueOnceAfterAQuarterOfTheBytes() {
        var pace = FetchPace(["queued.min.messages": "400", "queued.max.messages.kbytes": "1000"])
        #expect(due(&pace, (2, 249_999), (0, 0), (1, 1)) == [false, false, true, false])
    }

    @Test func aBatchLeavesMostOfTheQueueToGoOnWith() {
        var pace = FetchPace(["queued.min.messages": "40000", "queued.max.messages.kbytes": "2048"])
        #expect(pace.batch(atMost: 2_000) == 2_000)
        pace.record(messages: 10, bytes: 100_000)
        #expect(pace.batch(atMost: 2_000) == 51)
        pace.record(messages: 1, bytes: 10_000_000)
        #expect(pace.batch(atMost: 2_000) == 1)
        pace.record(messages: 100, bytes: 0)
        #expect(pace.batch(atMost: 2_000) == 2_000)
        var small = FetchPace(["queued.min.messages": "1"])
        #expect(small.batch(atMost: 2_000) == 1)
        #expect(due(&small, (1, 0)) == [true, false])
    }

    @Test func withoutPropertiesItGoesByLibrdkafkasOwnBounds() {
        var pace = FetchPace([:])
        #expect(due(&pace, (24_999, 0), (1, 0)) == [false, true, false])
        #expect(due(&pace, (1, 65_536 * 250)) == [true, false])
    }
}

/// Over a bound librdkafka 2.0 fetches nothing for a second unless it is woken: here that would be dozens of times.
@Suite(.serialized, .timeLimit(.minutes(2))) struct FetchingTests {
    static let bounds: [ClientProperties] = [
        ["queued.min.messages": "50"], ["queued.max.messages.kbytes": "1"],
    ]

    @Test(arguments: bounds, Reading.allCases)
    func boundsThatAreMetCostNoTime(_ bounds: ClientProperties, _ reading: Reading) async throws {
        try await read(bounds, reading)
    }

    /// Where the credentials may not be set at any time.
    @Test func norWhereThreadsAreWokenByARequest() async throws {
        try await read(["queued.min.messages": "50"], .inBatches, waker: BrokerWaker(["security.protocol": "SASL_SSL"]))
    }

    private func read(_ bounds: ClientProperties, _ reading: Reading, waker: BrokerWaker? = nil) async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 4, brokers: 2)
            // A response brings one batch of each partition, and with it more than the bound.
            try fixture.fill(perPartition: 5_000, ["batch.num.messages": "250"])
            let consumer = try fixture.consumer(bounds.merging(["fetch.message.max.bytes": "1000"]))
            if let waker { consumer.waker = waker }
            try consumer.assign(fixture.positions(0))
            var read = 0
            let start = ContinuousClock.now
            while read < 20_000, .now - start < .seconds(60) {
                _ = reading.poll(consumer) { event in
                    if event.record != nil { read += 1 }
                }
            }
            #expect(read == 20_000)
            #expect(.now - start < .seconds(25))
        }
    }
}
