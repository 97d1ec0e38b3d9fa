import KrunBroker
import KrunWire
import NIOCore
import NIOPosix
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct StartAndCloseTests {
    @Test
    func listsItsBrokersWhereTheyListen() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        #expect(cluster.brokers == [1: true, 2: true, 3: true])
        let ports = cluster.ports
        #expect(cluster.bootstrapServers == ports.map { "127.0.0.1:\($0)" }.joined(separator: ","))
        #expect(Set(ports).count == 3)
        let metadata = try await cluster.client(of: 2).send(Ask.metadata([]), version: 12)
        let expected = with(MetadataResponse()) { answer in
            answer.brokers = zip(1...3, ports).map { id, port in
                with(MetadataResponse.MetadataResponseBroker()) {
                    $0.nodeId = Int32(id)
                    $0.host = "127.0.0.1"
                    $0.port = Int32(port)
                }
            }
            answer.clusterId = cluster.clusterID
            answer.controllerId = 1
        }
        #expect(metadata == expected)
        #expect(cluster.clusterID.utf8.count == 22)
    }

    /// The issue asks for less than 20 ms; the bound leaves room for a machine that does other things.
    @Test
    func startsInAMoment() throws {
        let clock = ContinuousClock()
        let best = try (0..<5).map { _ in
            let start = clock.now
            let cluster = try EmbeddedCluster()
            defer { cluster.close() }
            return clock.now - start
        }.min()
        let taken = try #require(best)
        print("three brokers listened after \(taken)")
        #expect(taken < .milliseconds(200))
    }

    @Test
    func takesARowOfPortsAndGivesThemBack() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        let port = try #require(cluster.ports.first)
        #expect(throws: ClusterError("the broker cannot listen on 127.0.0.1:\(port): the port is in use")) {
            do throws(ClusterError) {
                _ = try EmbeddedCluster(ClusterOptions(brokers: 1, port: port))
            } catch {
                #expect(error.hint == "another broker may be running there; choose another port")
                throw ClusterError(error.description)
            }
        }
        let client = try await cluster.client()
        cluster.close()
        try await client.closed()
        cluster.close()
        let next = try EmbeddedCluster(ClusterOptions(brokers: 1, port: port))
        defer { next.close() }
        #expect(next.ports == [port])
        let metadata = try await next.client().send(Ask.metadata([]), version: 4)
        #expect(metadata.brokers.map(\.port) == [Int32(port)])
    }

    /// Nothing of a cluster that could not start whole stays behind: the port before the taken one is free again.
    @Test
    func leavesNothingBehindWhereAPortIsTaken() throws {
        let (first, taken) = try Self.neighbours()
        let stranger = try EmbeddedCluster(ClusterOptions(brokers: 1, port: taken))
        defer { stranger.close() }
        #expect(
            throws: ClusterError(
                "the broker cannot listen on 127.0.0.1:\(taken): the port is in use",
                hint: "another broker may be running there; choose another port", portInUse: taken)
        ) { try EmbeddedCluster(ClusterOptions(brokers: 2, port: first)) }
        let again = try EmbeddedCluster(ClusterOptions(brokers: 1, port: first))
        again.close()
    }

    /// Two free ports next to each other.
    private static func neighbours() throws -> (Int, Int) {
        for _ in 0..<50 {
            let probe = try EmbeddedCluster(ClusterOptions(brokers: 1))
            let port = probe.ports[0]
            probe.close()
            if port < 65_535, let next = try? EmbeddedCluster(ClusterOptions(brokers: 2, port: port)) {
                next.close()
                return (port, port + 1)
            }
        }
        throw ClusterError("no two free ports next to each other")
    }

    @Test(
        arguments: [
            (ClusterOptions(brokers: 0), "a cluster has 1 to 100 brokers, not 0", nil),
            (ClusterOptions(brokers: 101), "a cluster has 1 to 100 brokers, not 101", nil),
            (ClusterOptions(port: 65_534), "port 65534 leaves no room for 3 brokers", "ports end at 65535"),
            (ClusterOptions(port: -1), "port -1 leaves no room for 3 brokers", "ports end at 65535"),
            (
                ClusterOptions(host: "192.0.2.1"),
                "the broker cannot listen on 192.0.2.1: no such address on this machine",
                "what clients are told is the advertised host; it may be another than the one listened on"
            ),
        ] as [(ClusterOptions, String, String?)])
    func refusesWrongOptions(options: ClusterOptions, text: String, hint: String?) {
        // Another machine may have that address.
        let isBadOption = options.host == ClusterOptions().host
        #expect(throws: ClusterError(text, hint: hint, isBadOption: isBadOption)) { try EmbeddedCluster(options) }
    }

    /// What only a user other than root, or a machine at its limits, gets to read.
    @Test(
        arguments: [
            (
                EACCES, "127.0.0.1", "the broker cannot listen on 127.0.0.1:80: permission denied",
                "ports below 1024 need root; choose another"
            ),
            (
                EMFILE, "::1", "the broker cannot listen on [::1]:80: too many open files",
                "raise the limit with ulimit -n"
            ),
        ] as [(Int32, String, String, String)])
    func saysWhyItCannotListen(code: Int32, host: String, text: String, hint: String) {
        let error = ClusterError(listening: host, port: 80, IOError(errnoCode: code, reason: "bind"))
        #expect(error == ClusterError(text, hint: hint))
    }

    @Test
    func refusesWrongConfigs() {
        #expect(throws: ClusterError.self) { try EmbeddedCluster(ClusterOptions(configs: ["num.partitions": "many"])) }
        #expect(throws: ClusterError.self) { try EmbeddedCluster(ClusterOptions(configs: ["no.such.config": "1"])) }
    }

    /// A cluster that nobody keeps goes, and its connections with it.
    @Test
    func goesWhenNobodyKeepsIt() async throws {
        var cluster: EmbeddedCluster? = try EmbeddedCluster(ClusterOptions(brokers: 1))
        let client = try await #require(cluster).client()
        _ = try await client.send(Ask.metadata([]), version: 4)
        cluster = nil
        try await client.closed()
    }

    @Test
    func saysThatItIsClosed() throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        cluster.close()
        #expect(throws: ClusterError("the cluster is closed")) { try cluster.createTopic("a") }
        #expect(throws: ClusterError("the cluster is closed")) { try cluster.stopBroker(1) }
        #expect(cluster.brokers == [:])
    }

    /// It would wait for the thread that it is called on.
    @Test
    func refusesToBeCalledByAHandlerOfItsEvents() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let (stream, told) = AsyncStream.makeStream(of: ClusterError?.self)
        let observation = cluster.events.observe { [unowned cluster] event in
            guard case .topicCreated = event.kind else { return }
            do throws(ClusterError) {
                try cluster.createTopic("b")
                told.yield(nil)
            } catch {
                told.yield(error)
            }
        }
        try cluster.createTopic("a")
        observation.cancel()
        let error = await stream.first { _ in true }
        #expect(error == ClusterError("a cluster cannot be told to do something by a handler of its events"))
    }

    /// Configs go up to 2^63 - 1 ms, and below zero means never.
    @Test(arguments: ["9223372036854775807", "-1"])
    func keepsConnectionsForEver(idle: String) async throws {
        let cluster = try EmbeddedCluster(
            ClusterOptions(brokers: 1, configs: ["connections.max.idle.ms": idle]))
        defer { cluster.close() }
        let metadata = try await cluster.client().send(Ask.metadata([]), version: 4)
        #expect(metadata.controllerId == 1)
    }

    @Test
    func closesIdleConnections() async throws {
        let cluster = try EmbeddedCluster(
            ClusterOptions(brokers: 1, configs: ["connections.max.idle.ms": "50"]))
        defer { cluster.close() }
        let client = try await cluster.client()
        try await client.closed()
        #expect(cluster.closings == ["idle for connections.max.idle.ms"])
    }
}

@Suite
struct ClusterOptionsTests {
    /// No password in any output, not even where a test prints what it compared.
    @Test
    func printingThemShowsNoPassword() {
        let options = ClusterOptions(port: 9092, users: ["alice": "wonderland"])
        var dumped = ""
        dump(options, to: &dumped)
        #expect("\(options)" == "3 brokers on 127.0.0.1:9092, 1 user")
        #expect(dumped.contains("alice"))
        for text in ["\(options)", String(reflecting: options), dumped] { #expect(!text.contains("wonderland")) }
    }
}
