package import KrunConfigs
package import KrunWire

/// Why a config was refused: goes into the answer as it is.
package struct ConfigError: Error, Equatable, Sendable {
    package let errorCode: ErrorCode
    package let message: String

    package init(_ errorCode: ErrorCode, _ message: String) {
        self.errorCode = errorCode
        self.message = message
    }
}

extension ConfigDefinition {
    /// The value that `text` stands for, checked; throws INVALID_CONFIG with Kafka's words.
    package func checked(_ text: String) throws(ConfigError) -> ConfigValue {
        do { return try parse(text) } catch { throw ConfigError(.invalidConfig, error.message) }
    }
}
