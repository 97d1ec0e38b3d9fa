/// Where a broker is controlled: an address of this machine, which nobody else can take for themselves.
package struct ControlAddress: Equatable, Sendable {
    /// `127.0.0.1` or `::1`.
    let host: String
    let port: Int
    /// As it was given.
    package let text: String

    /// - Parameter text: such as `127.0.0.1:41234`, `localhost:41234` or `[::1]:41234`.
    /// - Returns: nil for what is no address of this machine with a port.
    package init?(_ text: String) {
        guard let match = text.lowercased().wholeMatch(of: /(127\.0\.0\.1|localhost|\[::1\]):([0-9]{1,5})/),
            let port = Int(match.2), (1...65_535).contains(port)
        else { return nil }
        // Nobody is asked what localhost is: the broker listens there and nowhere else.
        host = match.1 == "[::1]" ? "::1" : "127.0.0.1"
        self.port = port
        self.text = text
    }
}
