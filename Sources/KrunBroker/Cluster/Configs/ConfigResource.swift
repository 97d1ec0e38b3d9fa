internal import KrunConfigs

/// What a set of configs belongs to; the rules for changing it differ.
package enum ConfigResource: Sendable {
    case topic
    /// One broker.
    case broker
    /// All brokers: the empty resource name.
    case defaultBroker

    var table: ConfigTable { self == .topic ? .topic : .broker }
}
