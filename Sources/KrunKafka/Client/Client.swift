internal import CRdKafka
import KrunSecrets

/// A librdkafka client and its sink: what producer, consumer and admin client have in common.
struct Client: Sendable {
    enum Kind {
        case producer
        case consumer
    }

    let object: CObject
    let sink: ClientSink
    /// Whether waits are to end; nil for never.
    let isOver: (@Sendable () -> Bool)?

    var pointer: OpaquePointer { object.pointer }

    /// Makes the client; `configure` adds callbacks and events. What was being made goes into errors as `activity`.
    init(
        _ kind: Kind, properties: ClientProperties, log: ClientLog, isOver: (@Sendable () -> Bool)? = nil,
        activity: String,
        configure: (borrowing ClientConfiguration) -> Void = { _ in }
    ) throws(KafkaError) {
        let sink = ClientSink(log: log, properties: properties)
        let configuration = try ClientConfiguration(properties, activity: activity)
        rd_kafka_conf_set_opaque(configuration.pointer, sink.opaque)
        rd_kafka_conf_set_log_cb(configuration.pointer, receiveLog)
        rd_kafka_conf_set_error_cb(configuration.pointer, receiveError)
        configure(configuration)

        // librdkafka owns a configuration only once it made a client of it, so it gets a copy.
        let copy = rd_kafka_conf_dup(configuration.pointer)
        let type = kind == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER
        let (pointer, reason) = withErrorText { text, size in rd_kafka_new(type, copy, text, size) }
        guard let pointer else {
            let code = rd_kafka_last_error()
            rd_kafka_conf_destroy(copy)
            try KafkaError.fail(code, activity, reason: sink.clean(reason))
        }
        self.sink = sink
        self.isOver = isOver
        object = CObject(pointer, keeping: sink) { [sink] pointer in
            if KafkaLibrary.keepsClientsUntilExit {
                // Its threads go on calling back.
                _ = Unmanaged.passRetained(sink)
                return
            }
            ClientDisposal.destroy(pointer, sink)
        }
    }

    /// A queue of this client's own.
    func makeQueue() -> CObject {
        CObject(rd_kafka_queue_new(pointer)!, keeping: object) { rd_kafka_queue_destroy($0) }
    }

    /// Notes an error that librdkafka reported on its own.
    func note(_ code: rd_kafka_resp_err_t, _ reason: String, isFatal: Bool = false) {
        sink.log.append(
            KafkaError(
                code: code.rawValue, activity: "talking to the cluster", reason: sink.clean(reason), isFatal: isFatal))
    }
}

/// Calls a function that explains itself in a text buffer.
func withErrorText<Result>(
    _ body: (UnsafeMutablePointer<CChar>, Int) -> Result
) -> (result: Result, text: String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
        buffer.initialize(repeating: 0)
        let result = body(buffer.baseAddress!, buffer.count)
        return (result, String(cString: buffer.baseAddress!))
    }
}

// C callbacks are file-level functions: a closure may inherit an actor and then dies on librdkafka's thread.

private nonisolated func receiveLog(
    _ client: OpaquePointer?, _ level: Int32, _ facility: UnsafePointer<CChar>?, _ text: UnsafePointer<CChar>?
) {
    // There is no opaque while the client is being made; what matters then is in the error of `rd_kafka_new`.
    guard let client, let sink = ClientSink.from(rd_kafka_opaque(client)) else { return }
    sink.log.append(
        ClientLog.Line(
            level: Int(level), facility: facility.map { String(cString: $0) } ?? "",
            text: sink.clean(text.map { String(cString: $0) } ?? ""), at: .now))
}

private nonisolated func receiveError(
    _ client: OpaquePointer?, _ code: Int32, _ reason: UnsafePointer<CChar>?, _ opaque: UnsafeMutableRawPointer?
) {
    guard let client, let sink = ClientSink.from(opaque) else { return }
    var code = rd_kafka_resp_err_t(rawValue: code)
    var text = reason.map { String(cString: $0) } ?? ""
    let isFatal = code == RD_KAFKA_RESP_ERR__FATAL
    if isFatal {
        (code, text) = withErrorText { text, size in rd_kafka_fatal_error(client, text, size) }
    }
    sink.log.append(
        KafkaError(
            code: code.rawValue, activity: "talking to the cluster", reason: sink.clean(text), isFatal: isFatal))
}

/// Owns one of librdkafka's objects and frees it exactly once; what it was made from outlives it.
///
/// `@unchecked Sendable`: the pointer never changes, and the objects put here are ones that librdkafka lets several threads
/// use at a time (clients, topics, queues) or that nobody changes after they were made (headers).
final class CObject: @unchecked Sendable {
    let pointer: OpaquePointer
    private let parent: (any Sendable)?
    private let free: @Sendable (OpaquePointer) -> Void

    init(_ pointer: OpaquePointer, keeping parent: (any Sendable)?, free: @escaping @Sendable (OpaquePointer) -> Void) {
        self.pointer = pointer
        self.parent = parent
        self.free = free
    }

    deinit {
        free(pointer)
    }
}

/// Where librdkafka's callbacks of one client end up; kept alive by the client's `CObject`, given to librdkafka unretained.
final class ClientSink: Sendable {
    let log: ClientLog
    /// Values that must never leave, wherever librdkafka puts them.
    private let secrets: Secrets
    /// Set by the consumer while it is made, and read only inside its own calls, on its thread.
    nonisolated(unsafe) weak var consumer: Consumer?

    init(log: ClientLog, properties: ClientProperties) {
        self.log = log
        // Shorter ones would be found in every text, and hiding them there would tell what they are.
        secrets = Secrets(
            properties.all.filter { ClientProperties.isSecret($0.name) && $0.value.utf8.count > 2 }.map(\.value)
        ).union(log.secrets)
    }

    /// The text without the values of secret properties, and without the scenario's secrets.
    ///
    /// librdkafka makes its texts in buffers of 512 bytes and more: what is as long may be cut.
    func clean(_ text: String) -> String { secrets.masked(text, isCut: text.utf8.count >= 500) }

    var opaque: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    static func from(_ opaque: UnsafeMutableRawPointer?) -> ClientSink? {
        opaque.map { Unmanaged<ClientSink>.fromOpaque($0).takeUnretainedValue() }
    }
}
