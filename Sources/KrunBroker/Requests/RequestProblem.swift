internal import KrunWire

/// Why a part of a request is refused: a code and, where the answer has a place for it, a sentence.
struct RequestProblem: Error, Equatable {
    let code: ErrorCode
    let message: String?

    init(_ code: ErrorCode, _ message: String? = nil) {
        self.code = code
        // What a client sent may be in it, and a text of the protocol has 32 767 bytes at most.
        self.message = message.map { $0.utf8.count > 2048 ? String(decoding: $0.utf8.prefix(2048), as: UTF8.self) : $0 }
    }
}
