/// Who asks, of which broker, how and when.
struct RequestContext {
    let version: Int16
    let clientID: String?
    let connection: Connection
    let now: Now
    let faults: FaultDecision

    /// The broker that was asked.
    var broker: Int32 { connection.node.id }
    var clientHost: String { "/" + connection.host }
}
