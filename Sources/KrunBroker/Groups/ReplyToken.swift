/// Names a request that is answered later; the server gives it and finds the connection by it.
///
/// A token is used for one request only, and answered exactly once.
package struct ReplyToken: Hashable, Sendable {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }
}
