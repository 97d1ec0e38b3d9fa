import KrunKafka
import KrunScenario
import Testing

/// What others do on the cluster while krun is at work there.
extension SharedKafka {
    /// Gives a topic that is there more partitions, until it has so many.
    static func addPartitions(to topic: String, total: Int) throws {
        let admin = try admin()
        try admin.createPartitions(topic, total: total, timeout: .seconds(20))
        // A client that knew the topic before takes the new partitions for unknown for a while.
        let deadline = ContinuousClock.now + .seconds(30)
        var unknown: KafkaError?
        repeat {
            let answer = Result { () throws(KafkaError) in
                try admin.waitUntilReady([topic: total], timeout: .seconds(30))
            }
            unknown = if case .failure(let error) = answer { error } else { nil }
        } while unknown?.name == "_UNKNOWN_PARTITION" && .now < deadline
        if let unknown { throw unknown }
    }

    /// Sends a record for each time to a partition, and waits until all are acknowledged.
    static func send(to name: String, at times: [Int64], partition: Int32) throws {
        let properties = properties.merging(["bootstrap.servers": addresses, "acks": "-1"])
        let producer = try Producer(properties: properties, log: ClientLog())
        let topic = try producer.topic(name, partitioner: "random")
        try producer.waitForMetadata(topic, timeout: .seconds(30))
        for time in times {
            _ = try producer.send(to: topic, partition: partition, key: nil, value: nil, timestamp: time)
        }
        var acknowledged = 0
        let deadline = ContinuousClock.now + .seconds(60)
        while acknowledged < times.count, .now < deadline {
            _ = producer.serveReports(timeout: .seconds(1)) { if $0.errorName == nil { acknowledged += 1 } }
        }
        #expect(acknowledged == times.count)
    }

    /// Sends so many records, evenly spread over these partitions, and waits until each is acknowledged.
    static func send(_ count: Int, to name: String, partitions: [Int32]) throws {
        let properties = properties.merging(["bootstrap.servers": addresses, "acks": "-1"])
        let producer = try Producer(properties: properties, log: ClientLog())
        let topic = try producer.topic(name, partitioner: "random")
        try producer.waitForMetadata(topic, timeout: .seconds(30))
        var reported = 0
        var failed: [String] = []
        func serve(_ timeout: Duration) {
            reported += producer.serveReports(timeout: timeout) { report in
                if let name = report.errorName { failed.append(name) }
            }
        }
        for number in 0..<count {
            let partition = partitions[number % partitions.count]
            while try producer.send(to: topic, partition: partition, key: nil, value: nil) == .queueFull {
                serve(.milliseconds(100))
            }
        }
        let deadline = ContinuousClock.now + .seconds(60)
        while reported < count, .now < deadline { serve(.seconds(1)) }
        #expect(reported == count)
        #expect(failed == [])
    }
}
