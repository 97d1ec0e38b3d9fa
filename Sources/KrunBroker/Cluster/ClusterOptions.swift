/// What an embedded cluster is like; the defaults suit tests: three brokers on free ports of the loopback interface.
public struct ClusterOptions: Sendable {
    /// How many brokers, numbered from 1.
    public var brokers: Int
    /// The address to listen on. Any other than a loopback address opens the cluster to the network.
    public var host: String
    /// The first broker's port; the others take the following ones. 0: each takes a free one.
    public var port: Int
    /// What clients are told to connect to; nil: `host`.
    public var advertisedHost: String?
    /// Broker configurations by Kafka's names, such as `auto.create.topics.enable`; what is not named has Kafka's default,
    /// but for `group.initial.rebalance.delay.ms` (20), `group.min.session.timeout.ms` (1), `log.retention.check.interval.ms` and
    /// `log.cleaner.backoff.ms` (500), and `default.replication.factor` and those of the internal topics (as many as there are
    /// brokers, 3 at most). One that would change nothing here is refused.
    public var configs: [String: String]
    /// User names and passwords for SASL/PLAIN; empty: nobody has to log in.
    public var users: [String: String]
    /// How many bytes all logs together may take; what goes beyond is refused with `KAFKA_STORAGE_ERROR`.
    public var memoryLimit: Int
    /// How many of the last events are kept for `EmbeddedCluster.events`.
    public var eventCapacity: Int

    public init(
        brokers: Int = 3, host: String = "127.0.0.1", port: Int = 0, advertisedHost: String? = nil,
        configs: [String: String] = [:], users: [String: String] = [:], memoryLimit: Int = 16 << 30,
        eventCapacity: Int = 10_000
    ) {
        self.brokers = brokers
        self.host = host
        self.port = port
        self.advertisedHost = advertisedHost
        self.configs = configs
        self.users = users
        self.memoryLimit = memoryLimit
        self.eventCapacity = eventCapacity
    }
}

/// Shows everything but the passwords, wherever it is printed.
extension ClusterOptions: CustomStringConvertible, CustomReflectable {
    public var description: String {
        "\(brokers) \(brokers == 1 ? "broker" : "brokers") on \(host):\(port), \(users.count) \(users.count == 1 ? "user" : "users")"
    }

    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "brokers": brokers, "host": host, "port": port, "advertisedHost": advertisedHost as Any,
                "configs": configs, "users": users.keys.sorted(), "memoryLimit": memoryLimit,
                "eventCapacity": eventCapacity,
            ])
    }
}
