internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

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

/// Why a cluster does not start, or does not do what it was asked to; one sentence that names the thing.
public struct ClusterError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    /// What may help; nil if there is nothing to say.
    public let hint: String?
    /// Whether an option has a value that no machine could start a cluster with.
    public let isBadOption: Bool

    /// The port that something else listens on, where that is why.
    public let portInUse: Int?

    init(_ description: String, hint: String? = nil, isBadOption: Bool = false, portInUse: Int? = nil) {
        self.description = description
        self.hint = hint
        self.isBadOption = isBadOption
        self.portInUse = portInUse
    }

    init(starting options: ClusterOptions, _ error: any Error) {
        self = (error as? ClusterError) ?? ClusterError(listening: options.host, port: options.port, error)
    }

    /// The system refused an option of a socket.
    init(setting option: String, _ error: any Error) {
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        self.init(
            "the broker cannot set the socket option \(option): \(reason)",
            hint: "something around this process (a sandbox, a seccomp profile) forbids it")
    }

    /// - Parameter port: 0 for any that is free.
    init(listening host: String, port: Int, _ error: any Error) {
        let ports = port == 0 ? "on \(host)" : "on \(host.contains(":") ? "[\(host)]" : host):\(port)"
        if error is SocketAddressError.UnknownHost {
            self.init(
                "the broker cannot listen \(ports): no such host",
                hint: "a broker listens on an address of this machine, such as 127.0.0.1")
            return
        }
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            self.init(
                "the broker cannot listen \(ports): the port is in use",
                hint: "another broker may be running there; choose another port", portInUse: port)
        case EACCES, EPERM:
            self.init(
                "the broker cannot listen \(ports): permission denied",
                hint: "ports below 1024 need root; choose another")
        case EADDRNOTAVAIL:
            self.init(
                "the broker cannot listen \(ports): no such address on this machine",
                hint: "what clients are told is the advertised host; it may be another than the one listened on")
        case EMFILE, ENFILE:
            self.init(
                "the broker cannot listen \(ports): too many open files", hint: "raise the limit with ulimit -n")
        default:
            self.init("the broker cannot listen \(ports): \(error)")
        }
    }
}
