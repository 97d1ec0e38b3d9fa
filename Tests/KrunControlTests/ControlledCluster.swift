import KrunBroker
import KrunKafka
import Testing

@testable import KrunControl

/// A cluster that is controlled, for one test.
struct ControlledCluster {
    let cluster: EmbeddedCluster
    let server: ControlServer

    init(
        brokers: Int = 3, users: [String: String] = [:], properties: ClientProperties = [:],
        requestBudget: Duration = .seconds(10)
    ) throws {
        var options = ClusterOptions(brokers: brokers)
        options.users = users
        cluster = try EmbeddedCluster(options)
        server = try ControlServer(
            port: 0, of: cluster, brokers: brokers, properties: properties, version: "0.0.0",
            requestBudget: requestBudget)
    }

    /// Runs the body on one and ends it afterwards.
    static func with<Value>(
        brokers: Int = 3, users: [String: String] = [:], properties: ClientProperties = [:],
        requestBudget: Duration = .seconds(10), _ body: (ControlledCluster) async throws -> Value
    ) async throws -> Value {
        let own = try ControlledCluster(
            brokers: brokers, users: users, properties: properties, requestBudget: requestBudget)
        do {
            let value = try await body(own)
            await own.end()
            return value
        } catch {
            await own.end()
            throw error
        }
    }

    private func end() async {
        await server.close()
        cluster.close()
    }

    /// Sends a text, and reads until the server ends the connection.
    func ask(_ request: String) async throws -> RawAnswer {
        let connection = try RawConnection(server.address)
        connection.send(request)
        return RawAnswer(await connection.read())
    }

    /// Runs a step.
    func step(_ body: String) async throws -> RawAnswer { try await ask(Self.request(body)) }

    static func request(_ body: String) -> String {
        "POST /steps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// Waits, for at most 30 s, until something is so.
    func wait(_ condition: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while !condition() {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
