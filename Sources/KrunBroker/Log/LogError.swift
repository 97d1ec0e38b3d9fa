package import KrunWire

/// Why a log refused something: the code to answer with, and a sentence for people.
package struct LogError: Error, Equatable, Sendable {
    package var code: ErrorCode
    package var message: String
    /// The records at fault where records were judged one by one; at most `BatchValidator.maxRecordErrors` of them.
    package var recordErrors: [RecordError]
    /// The cluster's memory bound was in the way: nobody's fault but something the user must be told.
    package var exceedsMemory: Bool

    package init(
        _ code: ErrorCode, _ message: String, recordErrors: [RecordError] = [], exceedsMemory: Bool = false
    ) {
        self.code = code
        self.message = message
        self.recordErrors = recordErrors
        self.exceedsMemory = exceedsMemory
    }
}
