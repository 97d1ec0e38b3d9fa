/// The configs of one kind of resource, in the order in which Kafka checks them.
package struct ConfigTable: Sendable {
    package let definitions: [ConfigDefinition]
    private let positions: [String: Int]

    package init(_ definitions: [ConfigDefinition]) {
        self.definitions = definitions
        var positions: [String: Int] = [:]
        for (position, definition) in definitions.enumerated() { positions[definition.name] = position }
        self.positions = positions
    }

    package subscript(name: String) -> ConfigDefinition? {
        positions[name].map { definitions[$0] }
    }

    /// Every topic config of Kafka 3.9.
    package static let topic = ConfigTable(topicDefinitions)
}
