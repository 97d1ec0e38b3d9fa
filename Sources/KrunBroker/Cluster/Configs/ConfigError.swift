package import KrunWire

/// Why a config was refused: goes into the answer as it is.
package struct ConfigError: Error, Equatable, Sendable {
    package let errorCode: ErrorCode
    package let message: String

    package init(_ errorCode: ErrorCode, _ message: String) {
        self.errorCode = errorCode
        self.message = message
    }

    /// A value that the config cannot have, in Kafka's words.
    static func invalid(_ value: String, for name: String, _ why: String) -> ConfigError {
        ConfigError(.invalidConfig, "Invalid value \(value) for configuration \(name): \(why)")
    }
}
