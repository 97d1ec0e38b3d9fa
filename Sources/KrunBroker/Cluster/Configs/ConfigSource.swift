/// Where a config's value comes from, by the numbers of DescribeConfigs v1 (protocol guide).
package enum ConfigSource: Int8, Sendable {
    case topic = 1
    case dynamicBroker = 2
    case dynamicDefaultBroker = 3
    case staticBroker = 4
    case `default` = 5
}
