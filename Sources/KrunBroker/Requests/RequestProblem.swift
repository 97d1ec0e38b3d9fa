internal import KrunWire

/// Why a part of a request is refused: a code and, where the answer has a place for it, a sentence.
struct RequestProblem: Error, Equatable {
    let code: ErrorCode
    let message: String?

    init(_ code: ErrorCode, _ message: String? = nil) {
        self.code = code
        self.message = message
    }
}
