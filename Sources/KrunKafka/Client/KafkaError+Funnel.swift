internal import CRdKafka

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
            isRetriable: rd_kafka_error_is_retriable(object) != 0)
    }

    /// An error object of a result as a value; nil for nil and for no error.
    static func ifAny(borrowing object: OpaquePointer?, activity: String) -> KafkaError? {
        guard let object, rd_kafka_error_code(object) != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(borrowing: object, activity: activity)
    }
}
