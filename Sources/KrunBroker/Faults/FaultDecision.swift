package import KrunWire

/// What happens to one request.
package struct FaultDecision: Equatable, Sendable {
    package enum Course: Equatable, Sendable {
        /// Performed and answered, but for what `failures` holds.
        case proceed
        /// Not performed; answered with the error throughout.
        case fail(ErrorCode)
        /// Not performed and not answered, nor anything that comes after it on the connection.
        case silence
        /// Not performed, and answered as if it were.
        case loseHeartbeat
        /// Not performed; the connection is closed.
        case disconnect
        /// Performed, but for what `failures` holds; then the answer is lost.
        case performAndLose(FaultEffect.Loss)
    }

    /// A part of the request that is not performed and answered with an error.
    package struct Failure: Equatable, Sendable {
        package let topic: String
        /// Nil: every partition of the topic, or the topic itself.
        package let partition: Int32?
        package let errorCode: ErrorCode
    }

    package var course = Course.proceed
    /// By how much the answer, or the closing of the connection, comes later.
    package var delay = Duration.zero
    package var failures: [Failure] = []
    /// The rules that fired, in the order in which they were added.
    package var fired: [FaultID] = []

    package init() {}

    /// The error that this part of the request is answered with, or nil when it is performed.
    package func error(topic: String, partition: Int32?) -> ErrorCode? {
        failures.first { $0.topic == topic && ($0.partition == nil || $0.partition == partition) }?.errorCode
    }

    /// Whether no rule fired.
    package var isNone: Bool { fired.isEmpty }
}
