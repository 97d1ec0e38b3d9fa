internal import CRdKafka

/// What Kafka or librdkafka refused, as data: the code, what was being attempted and why it failed.
public struct KafkaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Kafka's error code; librdkafka's own ones are negative.
    public let code: Int32
    /// The code's name as librdkafka spells it; its own ones begin with `_`: `UNKNOWN_TOPIC_OR_PART`, `_TRANSPORT`.
    public let name: String
    /// What was being attempted, as `creating topic orders`.
    public let activity: String
    /// The broker's or librdkafka's text; never the value of a secret property.
    public let reason: String
    /// The client can do nothing any more and must be closed.
    public let isFatal: Bool
    /// The same attempt may succeed later.
    public let isRetriable: Bool
    /// The transaction it came up in can only be aborted.
    public let requiresAbort: Bool
    /// A deadline passed before an answer came.
    public let isTimeout: Bool

    /// The wait was given up because the client's `isOver` said so; the code is librdkafka's `_INTR`, operation interrupted.
    /// What had been asked for may still be done by the cluster.
    public var isCancelled: Bool { code == RD_KAFKA_RESP_ERR__INTR.rawValue }

    /// Makes an error of a code; an empty `reason` stands for librdkafka's text for that code.
    public init(
        code: Int32, activity: String, reason: String = "", isFatal: Bool = false, isRetriable: Bool = false,
        requiresAbort: Bool = false
    ) {
        let response = rd_kafka_resp_err_t(rawValue: code)
        self.code = code
        name = Self.name(of: code)
        self.activity = activity
        self.reason = reason.isEmpty ? String(cString: rd_kafka_err2str(response)) : reason
        self.isFatal = isFatal
        self.isRetriable = isRetriable || Self.passing.contains(response)
        self.requiresAbort = requiresAbort
        isTimeout = Self.timeouts.contains(response)
    }

    /// The name of an error code, such as `MSG_SIZE_TOO_LARGE`; `NO_ERROR` for 0.
    public static func name(of code: Int32) -> String {
        String(cString: rd_kafka_err2name(rd_kafka_resp_err_t(rawValue: code)))
    }

    public var description: String {
        "\(activity): \(name): \(reason)"
    }

    /// What Kafka's clients try again: somebody else leads, or nobody yet.
    private static let passing: [rd_kafka_resp_err_t] = [
        RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
        RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
        RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
        RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
    ]

    private static let timeouts: [rd_kafka_resp_err_t] = [
        RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
        RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
    ]
}

// MARK: - Funnel

/// The one way in which C error codes become thrown errors.
extension KafkaError {
    /// Throws the error of a code; an empty reason stands for librdkafka's text.
    static func fail(
        _ code: rd_kafka_resp_err_t, _ activity: String, reason: String = ""
    ) throws(KafkaError) -> Never {
        throw KafkaError(code: code.rawValue, activity: activity, reason: reason)
    }

    /// Throws the error of a code unless it is no error.
    static func check(
        _ code: rd_kafka_resp_err_t, _ activity: @autoclosure () -> String, reason: @autoclosure () -> String = ""
    ) throws(KafkaError) {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        try fail(code, activity(), reason: reason())
    }

    /// Throws what an error object says, after freeing it; nothing for nil.
    static func check(consuming object: OpaquePointer?, _ activity: @autoclosure () -> String) throws(KafkaError) {
        guard let object else { return }
        throw KafkaError(consuming: object, activity: activity())
    }

    /// A wait that was given up before its deadline.
    static func cancelled(_ activity: String) -> KafkaError {
        KafkaError(
            code: RD_KAFKA_RESP_ERR__INTR.rawValue, activity: activity, reason: "given up before an answer came")
    }

    /// Somebody else than the cluster did not answer in time.
    package static func unanswered(_ activity: String) -> KafkaError {
        KafkaError(code: RD_KAFKA_RESP_ERR__TIMED_OUT.rawValue, activity: activity)
    }

    /// The system gave no thread for a call.
    static func noThread(_ activity: String, reason: String) -> KafkaError {
        KafkaError(code: RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE.rawValue, activity: activity, reason: reason)
    }

    /// Reads an error object and frees it.
    init(consuming object: OpaquePointer, activity: String) {
        self.init(borrowing: object, activity: activity)
        rd_kafka_error_destroy(object)
    }

    /// Reads an error object that somebody else owns.
    init(borrowing object: OpaquePointer, activity: String) {
        self.init(
            code: rd_kafka_error_code(object).rawValue, activity: activity,
            reason: String(cString: rd_kafka_error_string(object)), isFatal: rd_kafka_error_is_fatal(object) != 0,
            isRetriable: rd_kafka_error_is_retriable(object) != 0,
            requiresAbort: rd_kafka_error_txn_requires_abort(object) != 0)
    }

    /// An error object of a result as a value; nil for nil and for no error.
    static func ifAny(borrowing object: OpaquePointer?, activity: String) -> KafkaError? {
        guard let object, rd_kafka_error_code(object) != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(borrowing: object, activity: activity)
    }
}
