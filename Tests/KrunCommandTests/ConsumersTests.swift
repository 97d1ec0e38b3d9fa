import Foundation
import KrunBroker
import KrunBrokerTestSupport
import Testing

/// Consumers in terminals of their own share a topic's partitions, and take over from each other.
@Suite(.gated, .timeLimit(.minutes(10)), .serialized)
struct ConsumersTests {
    private let cluster: EmbeddedCluster
    private let folder: TemporaryFolder

    init() throws {
        cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("test-topic", partitions: 3)
        folder = try TemporaryFolder()
    }

    private func terminal(_ command: String) throws -> Terminal {
        try Terminal(command, in: folder.url, environment: ["KRUN_BROKERS": cluster.bootstrapServers])
    }

    private func produce(_ keys: ClosedRange<Int>) async throws {
        let arguments = keys.map { "k\($0):v\($0)" }.joined(separator: " ")
        let (text, code) = try await terminal("krun produce \(arguments)").end()
        #expect(code == 0, "\(text)")
    }

    /// The keys of the records in what a consumer said.
    private func keys(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("partition ") }
            .compactMap { line in
                line.components(separatedBy: "  ").first { $0.hasPrefix("key ") }.map { String($0.dropFirst(4)) }
            }
    }

    /// A member that does not join again holds up a rebalance until its time is up; who typed Ctrl+C does not wait for it.
    @Test func ctrlCDoesNotWaitForARebalanceThatOthersHoldUp() async throws {
        defer { cluster.close() }
        let first = try terminal("krun consume")
        _ = try await first.read(until: "(generation 1)")
        var words = RawMember.Words(subscription: RawMember.Words.subscription(to: ["test-topic"]))
        words.ignoresRebalances = true
        let port = try #require(cluster.bootstrapServers.split(separator: ":").last.flatMap { Int($0) })
        let stranger = try await RawMember.joined("test-consumer-group", port: port, words)
        _ = try await first.read(until: "(generation 2)")
        let second = try terminal("krun consume")
        _ = try await first.read(until: "the group rebalances")
        for consumer in [first, second] {
            let interruption = ContinuousClock.now
            consumer.send(SIGINT)
            let (text, code) = try await consumer.end()
            #expect(interruption.duration(to: .now) < .seconds(2), "\(text)")
            #expect(code == 0, "\(text)")
        }
        stranger.leave()
    }

    @Test func twoSharePartitionsAndOneTakesOverAfterCtrlC() async throws {
        defer { cluster.close() }
        let first = try terminal("krun consume")
        _ = try await first.read(until: "assigned partition 0 from offset 0, partition 1 from offset 0, partition 2")
        let second = try terminal("krun consume")
        let shareOfSecond = try await second.read(until: "(generation 2)")
        let shareOfFirst = try await first.read(until: "(generation 2)")
        #expect(shareOfFirst.contains("gave up partitions 0, 1, 2: the group rebalances\n"))
        let shares = [shareOfFirst, shareOfSecond].map { text in
            text.components(separatedBy: "from offset").count - 1
        }
        #expect(shares.sorted() == [1, 2])

        try await produce(1...30)
        second.send(SIGINT)
        let (last, code) = try await second.end()
        #expect(code == 0)
        #expect(last.contains("as group test-consumer-group\n  partition  read  committed  end  lag\n"))
        let third = try await first.read(until: "(generation 3)")
        try await produce(31...40)
        var seen = keys(third) + keys(last) + keys(shareOfFirst) + keys(shareOfSecond)
        while seen.count < 40 { seen += keys(try await first.read(lines: 1)) }
        #expect(seen.sorted() == (1...40).map { "k\($0)" }.sorted())
        first.send(SIGINT)
        let (summary, firstCode) = try await first.end()
        #expect(firstCode == 0)
        #expect(summary.contains("read \(40 - keys(last).count) records as group test-consumer-group\n"))
    }

    /// The id that a member tells is the one by which `krun groups describe` lists it, and begins with the client's name.
    @Test func aMemberIsDescribedByTheIdThatItTells() async throws {
        defer { cluster.close() }
        let consumer = try terminal("krun consume test-topic --group billing --client-id till-1")
        let told = try await consumer.read(until: "(generation 1)")
        let id = try #require(told.firstMatch(of: /\nthis member is (till-1-[0-9a-f-]{36})\nassigned partition 0/)?.1)
        let (groups, code) = try await terminal("krun groups describe billing --output json").end()
        #expect(code == 0)
        #expect(groups.contains("\"memberId\": \"\(id)\",\n          \"clientId\": \"till-1\","))
        consumer.send(SIGINT)
        #expect(try await consumer.end().exitCode == 0)
    }

    /// Who commits nothing goes on where it stood when a rebalance brings its partitions back, and leaves the group as it was.
    @Test func whoCommitsNothingReadsNothingTwice() async throws {
        defer { cluster.close() }
        try await produce(1...10)
        let first = try terminal("krun consume --no-commit --from earliest")
        var seen: [String] = []
        while seen.count < 10 { seen += keys(try await first.read(lines: 1)) }
        let second = try terminal("krun consume --no-commit --from latest")
        _ = try await second.read(until: "(generation 2)")
        _ = try await first.read(until: "(generation 2)")
        second.send(SIGINT)
        #expect(try await second.end().exitCode == 0)
        _ = try await first.read(until: "(generation 3)")
        try await produce(11...15)
        while seen.count < 15 { seen += keys(try await first.read(lines: 1)) }
        first.send(SIGINT)
        let (last, code) = try await first.end()
        #expect(code == 0)
        seen += keys(last)
        #expect(seen.sorted() == (1...15).map { "k\($0)" }.sorted())
        let (groups, _) = try await terminal("krun groups describe").end()
        #expect(groups.hasSuffix("  it has committed nothing\n"))
    }

    /// Twelve records at ten a second, of which the first may come at once.
    @Test func aRateIsKept() async throws {
        defer { cluster.close() }
        try await produce(1...12)
        let start = ContinuousClock.now
        let (text, code) = try await terminal("krun consume --exit-at-end --rate 10").end()
        #expect(code == 0)
        #expect(keys(text).count == 12)
        #expect(start.duration(to: .now) >= .milliseconds(1_000))
    }

    @Test func oneTakesOverFromAnotherThatWasKilled() async throws {
        defer { cluster.close() }
        let first = try terminal("krun consume")
        _ = try await first.read(until: "(generation 1)")
        let second = try terminal("krun consume")
        _ = try await second.read(until: "(generation 2)")
        _ = try await first.read(until: "(generation 2)")
        second.send(SIGKILL)
        let killed = ContinuousClock.now
        // Not before the session of the one that was killed has run out.
        _ = try await first.read(until: "assigned partition 0 from offset 0, partition 1 from offset 0, partition 2")
        #expect(ContinuousClock.now - killed > .seconds(4))
        try await produce(1...10)
        var seen: [String] = []
        while seen.count < 10 { seen += keys(try await first.read(lines: 1)) }
        #expect(seen.sorted() == (1...10).map { "k\($0)" }.sorted())
        first.send(SIGINT)
        #expect(try await first.end().exitCode == 0)
    }

    @Test func whatWasShownIsCommittedAlsoWhenKilled() async throws {
        defer { cluster.close() }
        let first = try terminal("krun consume -v")
        _ = try await first.read(until: "(generation 1)")
        try await produce(1...10)
        // It commits as it goes, a second after the last commit at the latest; the beginning, too, before anything is read.
        var told = ""
        while keys(told).count < 10 { told += try await first.read(lines: 1) }
        var since = ""
        while !since.contains("committed ") { since += try await first.read(lines: 1) }
        first.send(SIGKILL)
        _ = try await first.end()
        let second = try terminal("krun consume --exit-at-end --timeout 30s")
        let (text, code) = try await second.end()
        #expect(code == 0)
        #expect(keys(text) == [])
    }

    @Test func fromHoldsForTheFirstPartitionsAndNotForThoseOfOthers() async throws {
        defer { cluster.close() }
        try await produce(1...9)
        let first = try terminal("krun consume --from latest")
        _ = try await first.read(until: "(generation 1)")
        let second = try terminal("krun consume --from latest")
        _ = try await second.read(until: "(generation 2)")
        _ = try await first.read(until: "(generation 2)")
        first.send(SIGKILL)
        _ = try await first.end()
        // While nobody reads the partitions of the one that was killed.
        try await produce(10...30)
        var seen: [String] = []
        while seen.count < 21 { seen += keys(try await second.read(lines: 1)) }
        #expect(seen.sorted() == (10...30).map { "k\($0)" }.sorted())
        second.send(SIGINT)
        #expect(try await second.end().exitCode == 0)
    }

    /// How consumers read here, noticing sooner than by default that partitions were added.
    static let ways = [
        "--group g", "--group g -X partition.assignment.strategy=cooperative-sticky", "--no-group",
    ]
    private static let attentive = "-X topic.metadata.refresh.interval.ms=2000"

    private func run(_ command: String) async throws {
        let (text, code) = try await terminal(command).end()
        #expect(code == 0, "\(command): \(text)")
    }

    /// Nothing of what is in them is missed, although reading began at the end.
    @Test(arguments: ways)
    func partitionsThatAreAddedAreReadFromTheirBeginning(_ how: String) async throws {
        defer { cluster.close() }
        try cluster.createTopic("orders", partitions: 2)
        try await run("krun produce --topic orders --partition 0 before:1")
        let consumer = try terminal("krun consume --topic orders \(how) --from latest \(Self.attentive)")
        _ = try await consumer.read(until: "partition 1 from offset 0")
        try await run("krun topics add-partitions orders --to 4 --yes")
        for partition in 0..<4 { try await run("krun produce --topic orders --partition \(partition) k\(partition):1") }
        var text = ""
        // librdkafka's cooperative member may lose its partitions for a moment, and read again what was not committed.
        let mayLose = how.contains("cooperative")
        while Set(keys(text)).count < 4 { text += try await consumer.read(lines: 1) }
        #expect(Set(keys(text)) == ["k0", "k1", "k2", "k3"], "\(text)")
        if !mayLose { #expect(keys(text).count == 4 && !text.contains("warning"), "\(text)") }
        #expect(text.contains("partition 2 from offset 0, partition 3 from offset 0"), "\(text)")
        #expect(!text.contains("error:"), "\(text)")
        consumer.send(SIGINT)
        let (summary, code) = try await consumer.end()
        #expect(code == 0)
        #expect(summary.contains("\n          3     \(mayLose ? "" : "1")"), "\(summary)")
    }

    /// The one that joins knows more partitions than the one that is there.
    @Test(arguments: ways.prefix(2))
    func aSecondConsumerBringsNewPartitionsAndTheFirstGoesOn(_ how: String) async throws {
        defer { cluster.close() }
        try cluster.createTopic("orders", partitions: 2)
        let first = try terminal("krun consume --topic orders \(how)")
        _ = try await first.read(until: "assigned partition 0 from offset 0, partition 1 from offset 0")
        try await run("krun topics add-partitions orders --to 4 --yes")
        let second = try terminal("krun consume --topic orders \(how)")
        for partition in 0..<4 { try await run("krun produce --topic orders --partition \(partition) k\(partition):1") }
        // Which of them reads what is the assignor's affair, and a rebalance may let both say it.
        let deadline = ContinuousClock.now + .seconds(40)
        while Set(keys(first.unread) + keys(second.unread)).count < 4, .now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(Set(keys(first.unread) + keys(second.unread)) == ["k0", "k1", "k2", "k3"])
        for consumer in [first, second] {
            consumer.send(SIGINT)
            let (text, code) = try await consumer.end()
            #expect(code == 0)
            #expect(!text.contains("error:"), "\(text)")
        }
    }

    /// With fewer partitions, and later with more.
    @Test(arguments: ways)
    func aTopicThatWasMadeAnewMayHaveOtherPartitions(_ how: String) async throws {
        defer { cluster.close() }
        try cluster.createTopic("orders", partitions: 3)
        let consumer = try terminal("krun consume --topic orders \(how) \(Self.attentive)")
        _ = try await consumer.read(until: "partition 2 from offset 0")
        for partition in 0..<3 { try await run("krun produce --topic orders --partition \(partition) a\(partition):1") }
        var text = ""
        while keys(text).count < 3 { text += try await consumer.read(lines: 1) }
        try await run("krun topics delete orders --yes")
        let isGroup = how.hasPrefix("--group")
        text += try await consumer.read(until: isGroup ? "topic orders does not exist" : "topic orders was deleted")
        try await run("krun topics create orders --partitions 2")
        for partition in 0..<2 {
            try await run("krun produce --topic orders --partition \(partition) b\(partition):1 c\(partition):1")
        }
        while keys(text).count < 7 { text += try await consumer.read(lines: 1) }
        try await run("krun topics add-partitions orders --to 5 --yes")
        for partition in 0..<5 { try await run("krun produce --topic orders --partition \(partition) d\(partition):1") }
        // A rebalance may have a record read twice, as everything that is read at least once.
        while Set(keys(text)).count < 12 { text += try await consumer.read(lines: 1) }
        let expected = (0..<3).map { "a\($0)" } + (0..<2).flatMap { ["b\($0)", "c\($0)"] } + (0..<5).map { "d\($0)" }
        #expect(Set(keys(text)) == Set(expected))
        if !how.contains("cooperative") { #expect(keys(text).count == expected.count, "\(text)") }
        #expect(!text.contains("error:"), "\(text)")
        consumer.send(SIGINT)
        #expect(try await consumer.end().exitCode == 0)
    }

    /// A group forgets what it committed of a topic that is deleted, which shows when there are as many new records as old ones.
    @Test(arguments: ways.prefix(2))
    func aTopicThatWasMadeAnewAtOnceIsReadFromItsBeginning(_ how: String) async throws {
        defer { cluster.close() }
        try cluster.createTopic("orders", partitions: 1)
        let consumer = try terminal("krun consume --topic orders \(how) -v \(Self.attentive)")
        _ = try await consumer.read(until: "assigned partition 0 from offset 0")
        try await run("krun produce --topic orders a:1 b:2")
        _ = try await consumer.read(until: "committed partition 0 at 2")
        try await run("krun topics delete orders --yes")
        try await run("krun topics create orders")
        try await run("krun produce --topic orders x:1 y:2 z:3")
        var text = ""
        // Those that came before it was noticed are shown again.
        while keys(text).suffix(3) != ["x", "y", "z"] { text += try await consumer.read(lines: 1) }
        consumer.send(SIGINT)
        let (_, code) = try await consumer.end()
        #expect(code == 0)
    }

    /// A pipe of records into a partition that is added while it is open.
    @Test func aProducerSendsToAPartitionThatWasAdded() async throws {
        defer { cluster.close() }
        try cluster.createTopic("orders", partitions: 2)
        let input = Pipe()
        let producer = try Terminal(
            "krun produce --topic orders --input json", in: folder.url,
            environment: ["KRUN_BROKERS": cluster.bootstrapServers], input: input)
        func send(_ partition: Int) throws {
            try input.fileHandleForWriting.write(
                contentsOf: Data(#"{"partition":\#(partition),"key":"k","value":"v"}\#n"#.utf8))
        }
        try send(1)
        _ = try await producer.read(until: "partition 1  offset 0  key k  value v")
        try await run("krun topics add-partitions orders --to 4 --yes")
        try send(3)
        _ = try await producer.read(until: "partition 3  offset 0  key k  value v")
        // It is looked for, and is not there.
        try send(4)
        let refused = try await producer.read(until: "_UNKNOWN_PARTITION")
        #expect(
            refused
                == "warning: line 3, key k, was not delivered to partition 4: _UNKNOWN_PARTITION: Local: Unknown partition\n"
        )
        try input.fileHandleForWriting.close()
        #expect(try await producer.end().exitCode == 3)
    }

    @Test(arguments: ways)
    func aTopicThatWasMadeAnewIsReadFromItsBeginning(_ how: String) async throws {
        defer { cluster.close() }
        try cluster.createTopic("orders", partitions: 1)
        let consumer = try terminal("krun consume --topic orders \(how)")
        _ = try await consumer.read(until: "assigned partition 0 from offset 0")
        try await run("krun produce --topic orders a:1 b:2 c:3 d:4 e:5")
        _ = try await consumer.read(until: "partition 0  offset 4  key e  value 5")
        try await run("krun topics delete orders --yes")
        try await run("krun topics create orders")
        try await run("krun produce --topic orders x:1 y:2")
        var seen: [String] = []
        while seen.count < 2 { seen += keys(try await consumer.read(lines: 1)) }
        #expect(seen == ["x", "y"])
        consumer.send(SIGINT)
        #expect(try await consumer.end().exitCode == 0)
    }
}
