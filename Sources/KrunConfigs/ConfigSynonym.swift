/// A broker config that gives a topic config its value where the topic says nothing.
package struct ConfigSynonym: Sendable {
    package let name: String
    /// How many of the topic config's units one unit of the broker config is: 60 000 for minutes.
    package let factor: Int64

    private init(name: String, factor: Int64) {
        self.name = name
        self.factor = factor
    }

    package static func same(_ name: String) -> ConfigSynonym { ConfigSynonym(name: name, factor: 1) }
    package static func minutes(_ name: String) -> ConfigSynonym { ConfigSynonym(name: name, factor: 60_000) }
    package static func hours(_ name: String) -> ConfigSynonym { ConfigSynonym(name: name, factor: 3_600_000) }

    /// The broker's value in the topic's units; a negative time means no limit whatever its unit.
    package func convert(_ value: ConfigValue) -> ConfigValue {
        guard factor != 1, let number = value.integer else { return value }
        return .integer(number < 0 ? -1 : number.multipliedReportingOverflow(by: factor).partialValue)
    }
}
