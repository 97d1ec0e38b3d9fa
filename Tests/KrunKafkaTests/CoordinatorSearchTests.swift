import Testing

@testable import KrunKafka

@Suite struct CoordinatorSearchTests {
    @Test(
        arguments: [
            ([:], "10000"), (["socket.timeout.ms": "3000"], "3000"), (["fetch.wait.max.ms": "9000"], "10000"),
            // More than librdkafka would take with it.
            (["fetch.wait.max.ms": "9001"], nil),
        ] as [(ClientProperties, String?)])
    func asksAgainAfterTenSeconds(_ properties: ClientProperties, _ time: String?) {
        #expect(properties.lookingForCoordinators()["socket.timeout.ms"] == time)
    }

    @Test func librdkafkaTakesIt() throws {
        let log = ClientLog()
        let properties: ClientProperties = ["fetch.wait.max.ms": "9000", "group.id": "billing"]
        _ = try Consumer(properties: properties.lookingForCoordinators(), log: log)
        #expect(log.lines.isEmpty)
    }
}
