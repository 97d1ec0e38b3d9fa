import KrunBroker
import Testing

/// A broker of a test's own, for whatever client the package has.
@Suite
struct BrokerTests {
    @Test
    func aTestCanHaveABrokerAndLetItSuffer() throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2))
        defer { cluster.close() }
        try cluster.createTopic("laps", partitions: 2, configs: ["cleanup.policy": "compact"])
        #expect(cluster.bootstrapServers.split(separator: ",").count == 2)

        let fault = try cluster.inject(.fail(.produce, with: "NOT_ENOUGH_REPLICAS", topic: "laps", times: 1))
        #expect(try cluster.timesFired(fault) == 0)
        try cluster.stopBroker(1)
        #expect(cluster.brokers == [1: false, 2: true])
    }
}
