/// Where librdkafka's callbacks of one client end up; kept alive by the client's `CObject`, given to librdkafka unretained.
final class ClientSink: Sendable {
    let log: ClientLog
    /// Values that must never leave, wherever librdkafka puts them.
    private let secrets: [String]
    /// Set by the consumer while it is made, and read only inside its own calls, on its thread.
    nonisolated(unsafe) weak var consumer: Consumer?

    init(log: ClientLog, properties: ClientProperties) {
        self.log = log
        // Shorter ones would be found in every text, and hiding them there would tell what they are.
        // The longest first: where one is part of another, the rest of that would stay.
        secrets = properties.all.filter { ClientProperties.isSecret($0.name) && $0.value.utf8.count > 2 }.map(\.value)
            .sorted { $0.utf8.count > $1.utf8.count }
    }

    /// The text without the values of secret properties.
    func clean(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1, with: "***") }
    }

    var opaque: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    static func from(_ opaque: UnsafeMutableRawPointer?) -> ClientSink? {
        opaque.map { Unmanaged<ClientSink>.fromOpaque($0).takeUnretainedValue() }
    }
}
