internal import KrunWire
internal import NIOCore

struct FaultPlan { mutating func decide(_ facts: RequestFacts, now: Now) -> FaultDecision { FaultDecision() } }
struct FaultDecision { var error: ErrorCode?; func error(topic: String, partition: Int32?) -> ErrorCode? { nil } }
struct RequestFacts { init(_ request: Request, _ header: RequestHeader, broker: Int32) {} }
public final class EventStream: Sendable {
    init(capacity: Int) {}; func publish(_ e: @autoclosure () -> BrokerEvent) {}
}
enum BrokerEvent {
    case appended(at: Duration, topic: String, partition: Int32, baseOffset: Int64, records: Int, bytes: Int)
    case memoryLimitReached(at: Duration, topic: String, partition: Int32, limit: Int)
    case badRequest(at: Duration, broker: Int32, host: String, problem: String)
    case connectionOpened(at: Duration, broker: Int32, host: String)
    case connectionClosed(at: Duration, broker: Int32, host: String, reason: String)
    case brokerUp(at: Duration, broker: Int32, port: Int), brokerDown(at: Duration, broker: Int32)
    case leaderChanged(at: Duration, topic: String, partition: Int32, leader: Int32?, epoch: Int32)
    case topicCreated(at: Duration, topic: String, partitions: Int), topicDeleted(at: Duration, topic: String),
        partitionsAdded(at: Duration, topic: String, partitions: Int)
}
extension ClusterCore {
    func publish(_ e: GroupEvent, now: Now) {}
    func publish(_ e: TransactionEvent, now: Now) {}
    func begin(_ exchange: Exchange, _ body: @escaping () -> Void) { body() }
    func end(_ exchange: Exchange, _ frame: NIOCore.ByteBuffer?, error: ErrorCode) { exchange.connection.finish(frame) }
    func endWithoutAnswer(_ exchange: Exchange, error: ErrorCode) {
        error == .none ? exchange.connection.finish(nil) : { _ = exchange.connection.close(.unacknowledged) }()
    }
}
