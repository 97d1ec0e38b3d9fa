/// Why a config cannot have a value, in Kafka's words.
package struct ConfigRefusal: Error, Equatable, Sendable {
    package let message: String

    static func invalid(_ value: String, for name: String, _ why: String) -> ConfigRefusal {
        ConfigRefusal(message: "Invalid value \(value) for configuration \(name): \(why)")
    }
}
