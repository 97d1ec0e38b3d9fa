import KrunDiagnostics
package import KrunKafka
import KrunReports

extension KafkaConnection {
    /// Waits until a broker has answered; the end of a log is then behind its last record, not where an open transaction begins, unless
    /// the properties say otherwise.
    package static func openForAdministration(
        _ address: Address, log: ClientLog = ClientLog(), onWaiting: (String) -> Void = { _ in }
    ) throws -> KafkaConnection {
        var address = address
        address.properties["isolation.level"] = address.properties["isolation.level"] ?? "read_uncommitted"
        return try open(address, log: log, onWaiting: onWaiting)
    }
}

extension KafkaError {
    /// For programs: the name of the code, and Kafka's or librdkafka's text.
    var json: JSONMembers {
        var object = JSONMembers()
        object.add("name", name)
        object.add("reason", reason)
        return object
    }
}
