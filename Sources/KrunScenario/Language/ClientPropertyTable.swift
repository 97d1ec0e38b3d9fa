import KrunJSON

/// The properties of librdkafka that a scenario may set, and what to say about the others.
///
/// A scenario is untrusted: what names a host, file, library, command, credential or security mode comes from the
/// command line only, and what krun sets itself has a field of the language.
package enum ClientPropertyTable {
    /// Which clients a property is for.
    enum Scope: Sendable {
        case both
        case producer
        case consumer
    }

    /// The values a property may have.
    enum Values: Sendable {
        case number(ClosedRange<Int64>)
        case boolean
        case text
    }

    struct Entry: Sendable {
        let scope: Scope
        let values: Values

        init(_ scope: Scope, _ values: Values) {
            self.scope = scope
            self.values = values
        }

        init(_ scope: Scope, _ range: ClosedRange<Int64>) {
            self.init(scope, .number(range))
        }
    }

    /// In bytes: 128 MiB, room for the largest payload and what is around it.
    static let largestMessage: Int64 = 134_217_728
    /// In bytes: 256 MiB.
    private static let largestResponse: Int64 = 268_435_456
    /// The longest text, in bytes: clients put some of them into ids of their own, which Kafka's protocol bounds.
    static let longestText = 255

    /// Names that mean the same to librdkafka: of several that are set the last counts.
    private static let aliases: [String: String] = [
        "delivery.timeout.ms": "message.timeout.ms", "fetch.message.max.bytes": "max.partition.fetch.bytes",
        "max.in.flight": "max.in.flight.requests.per.connection", "queue.buffering.max.ms": "linger.ms",
        "retries": "message.send.max.retries",
    ]

    /// The one name of a property that has several.
    package static func canonicalName(_ name: String) -> String { aliases[name] ?? name }

    static let allowedNames = allowed.keys.sorted()

    /// Ranges are librdkafka's, narrower where more would fill the machine's memory, or no embedded broker would take it.
    static let allowed: [String: Entry] = [
        "client.id": Entry(.both, .text),
        "client.rack": Entry(.both, .text),
        "connections.max.idle.ms": Entry(.both, 0...2_147_483_647),
        "max.in.flight": Entry(.both, 1...1_000_000),
        "max.in.flight.requests.per.connection": Entry(.both, 1...1_000_000),
        "message.copy.max.bytes": Entry(.both, 0...largestMessage),
        "message.max.bytes": Entry(.both, 1_000...largestMessage),
        "metadata.max.age.ms": Entry(.both, 1...86_400_000),
        "receive.message.max.bytes": Entry(.both, 1_000...largestResponse),
        "reconnect.backoff.max.ms": Entry(.both, 0...3_600_000),
        "reconnect.backoff.ms": Entry(.both, 0...3_600_000),
        "retry.backoff.ms": Entry(.both, 1...300_000),
        "socket.connection.setup.timeout.ms": Entry(.both, 1_000...2_147_483_647),
        "socket.keepalive.enable": Entry(.both, .boolean),
        "socket.max.fails": Entry(.both, 0...1_000_000),
        "socket.nagle.disable": Entry(.both, .boolean),
        "socket.receive.buffer.bytes": Entry(.both, 0...100_000_000),
        "socket.send.buffer.bytes": Entry(.both, 0...100_000_000),
        "socket.timeout.ms": Entry(.both, 10...300_000),
        "topic.metadata.refresh.fast.interval.ms": Entry(.both, 1...60_000),
        "topic.metadata.refresh.interval.ms": Entry(.both, -1...3_600_000),

        "batch.num.messages": Entry(.producer, 1...1_000_000),
        "batch.size": Entry(.producer, 1...largestMessage),
        "compression.level": Entry(.producer, -1...12),
        "delivery.timeout.ms": Entry(.producer, 0...2_147_483_647),
        "linger.ms": Entry(.producer, 0...900_000),
        "message.send.max.retries": Entry(.producer, 0...2_147_483_647),
        "message.timeout.ms": Entry(.producer, 0...2_147_483_647),
        "queue.buffering.backpressure.threshold": Entry(.producer, 1...1_000_000),
        "queue.buffering.max.kbytes": Entry(.producer, 1...1_048_576),
        "queue.buffering.max.messages": Entry(.producer, 1...1_000_000),
        "queue.buffering.max.ms": Entry(.producer, 0...900_000),
        "request.timeout.ms": Entry(.producer, 1...900_000),
        "retries": Entry(.producer, 0...2_147_483_647),
        "sticky.partitioning.linger.ms": Entry(.producer, 0...900_000),
        "transaction.timeout.ms": Entry(.producer, 1_000...900_000),

        "check.crcs": Entry(.consumer, .boolean),
        "coordinator.query.interval.ms": Entry(.consumer, 1...3_600_000),
        "fetch.error.backoff.ms": Entry(.consumer, 0...300_000),
        "fetch.max.bytes": Entry(.consumer, 0...largestResponse - 512),
        "fetch.message.max.bytes": Entry(.consumer, 1...largestMessage),
        "fetch.min.bytes": Entry(.consumer, 1...100_000_000),
        "fetch.wait.max.ms": Entry(.consumer, 0...300_000),
        "heartbeat.interval.ms": Entry(.consumer, 1...3_600_000),
        "max.partition.fetch.bytes": Entry(.consumer, 1...largestMessage),
        "max.poll.interval.ms": Entry(.consumer, 1...86_400_000),
        "queued.max.messages.kbytes": Entry(.consumer, 1...1_048_576),
        "queued.min.messages": Entry(.consumer, 1...1_000_000),
        "session.timeout.ms": Entry(.consumer, 1...1_800_000),
    ]
}

/// The properties that a scenario may not set, and why: together with those that it may, every one that librdkafka has.
extension ClientPropertyTable {
    /// What the language says in a field of its own: property → the field that sets it.
    package static let fields: [String: String] = [
        "acks": "\"acks\" of a produce step",
        "compression.codec": "\"compression\" of a produce step",
        "compression.type": "\"compression\" of a produce step",
        "enable.idempotence": "\"idempotent\" of a produce step",
        "group.id": "\"group\" of a consume step",
        "group.instance.id": "\"static\" of a consume or group step",
        "isolation.level": "\"isolation\" of a consume or group step",
        "partition.assignment.strategy": "\"assignor\" of a consume step",
        "partitioner": "\"partitioner\" of the scenario or of a produce step",
        "request.required.acks": "\"acks\" of a produce step",
        "transactional.id": "\"transactionalId\" of a produce step",
    ]

    /// What is krun's own affair, whoever asks for it: property → why.
    package static let own: [String: String] = [
        "allow.auto.create.topics": "krun creates the topics of a scenario itself",
        "auto.commit.enable": "\"commit\" of a consume step says when offsets are committed",
        "auto.commit.interval.ms": "\"commit\" of a consume step says when offsets are committed",
        "auto.offset.reset": "\"from\" of a consume step says where reading begins",
        "builtin.features": "it tells what librdkafka was built with",
        "consume.callback.max.messages": "krun reads without callbacks",
        "delivery.report.only.error": "krun needs the report of every message",
        "enable.auto.commit": "\"commit\" of a consume step says when offsets are committed",
        "enable.auto.offset.store": "krun sets it itself",
        "enable.gapless.guarantee": "krun judges gaps itself",
        "enable.partition.eof": "krun sets it itself",
        "enabled_events": "krun sets it itself",
        "group.protocol": "krun's groups use the classic protocol",
        "group.protocol.type": "krun's members are consumers",
        "group.remote.assignor": "krun's groups use the classic protocol",
        "internal.termination.signal": "krun handles signals itself",
        "queuing.strategy": "krun keeps messages in the order in which they are sent",
        "test.mock.num.brokers": "krun has an embedded broker of its own",
        "topic.blacklist": "it would hide topics from krun",
    ]

    /// Those that take no text at all: functions and pointers.
    static let forPrograms: Set<String> = [
        "background_event_cb", "closesocket_cb", "connect_cb", "consume_cb", "default_topic_conf", "dr_cb", "dr_msg_cb",
        "error_cb", "interceptors", "log_cb", "msg_order_cmp", "oauthbearer_token_refresh_cb", "offset_commit_cb",
        "opaque", "open_cb", "partitioner_cb", "rebalance_cb", "resolve_cb", "socket_cb", "ssl.certificate.verify_cb",
        "ssl_ca", "ssl_certificate", "ssl_engine_callback_data", "ssl_key", "stats_cb", "throttle_cb",
    ]

    /// Those that would be dangerous in a file from somebody else.
    static let dangerous: Set<String> = [
        "bootstrap.servers", "broker.address.family", "broker.address.ttl", "client.dns.lookup", "debug",
        "enable.sasl.oauthbearer.unsecure.jwt", "enable.ssl.certificate.verification", "https.ca.location",
        "https.ca.pem", "log.connection.close", "log.queue", "log.thread.name", "log_level", "metadata.broker.list",
        "plugin.library.paths", "sasl.kerberos.keytab", "sasl.kerberos.kinit.cmd",
        "sasl.kerberos.min.time.before.relogin", "sasl.kerberos.principal", "sasl.kerberos.service.name",
        "sasl.mechanism", "sasl.mechanisms", "sasl.oauthbearer.client.id", "sasl.oauthbearer.client.secret",
        "sasl.oauthbearer.config", "sasl.oauthbearer.extensions", "sasl.oauthbearer.method", "sasl.oauthbearer.scope",
        "sasl.oauthbearer.token.endpoint.url", "sasl.password", "sasl.username", "security.protocol",
        "ssl.ca.certificate.stores", "ssl.ca.location", "ssl.ca.pem", "ssl.certificate.location",
        "ssl.certificate.pem", "ssl.cipher.suites", "ssl.crl.location", "ssl.curves.list",
        "ssl.endpoint.identification.algorithm", "ssl.engine.id", "ssl.engine.location", "ssl.key.location",
        "ssl.key.password", "ssl.key.pem", "ssl.keystore.location", "ssl.keystore.password", "ssl.providers",
        "ssl.sigalgs.list",
    ]

    /// Those that are neither: nobody tunes a scenario with them.
    static let others: Set<String> = [
        "api.version.fallback.ms", "api.version.request", "api.version.request.timeout.ms", "broker.version.fallback",
        "enable.metrics.push", "enable.random.seed", "metadata.recovery.rebootstrap.trigger.ms",
        "metadata.recovery.strategy", "offset.store.method", "offset.store.path", "offset.store.sync.interval.ms",
        "produce.offset.report", "reconnect.backoff.jitter.ms", "retry.backoff.max.ms", "socket.blocking.max.ms",
        "statistics.interval.ms", "topic.metadata.propagation.max.ms", "topic.metadata.refresh.fast.cnt",
        "topic.metadata.refresh.sparse",
    ]

    /// Every name that is one of librdkafka's, up to 2.16.
    static let names: [String] = {
        var names = Set(allowed.keys).union(fields.keys).union(own.keys)
        names.formUnion(forPrograms)
        return names.union(dangerous).union(others).sorted()
    }()

    /// Why a property may not be set by a scenario, when it is one of those that would be dangerous there.
    static func danger(of name: String) -> String? {
        if name == "sasl.kerberos.kinit.cmd" { return "librdkafka would run it as a command" }
        if name == "plugin.library.paths" || name == "interceptors" { return "librdkafka would load it as code" }
        if ["bootstrap.servers", "metadata.broker.list", "resolve_cb", "client.dns.lookup"].contains(name)
            || name.hasPrefix("broker.address.")
        {
            return "it decides which hosts are spoken to"
        }
        if name == "security.protocol" || name.hasPrefix("ssl") || name.hasPrefix("sasl.")
            || name.hasPrefix("https.") || name == "enable.ssl.certificate.verification"
            || name == "enable.sasl.oauthbearer.unsecure.jwt"
        {
            return "it decides about credentials and security"
        }
        if name == "debug" || name.hasPrefix("log") { return "it decides what is logged" }
        return nil
    }

    /// Why a scenario may not set a property that librdkafka has, and what else to do; nil where it may.
    static func refusal(of name: String) -> (reason: String, wayOut: String?)? {
        if allowed[name] != nil { return nil }
        if let field = fields[name] { return ("\(field) sets it", nil) }
        if let reason = own[name] { return (reason, nil) }
        let danger = danger(of: name)
        if forPrograms.contains(name) { return (danger ?? "it takes no text, only a program can set it", nil) }
        if ["bootstrap.servers", "metadata.broker.list"].contains(name) {
            return (danger ?? "", "`krun run --brokers` or KRUN_BROKERS names the broker")
        }
        return (
            danger ?? "it is not on the list of tuning properties",
            "`krun run -X \(name)=VALUE` sets it, or the file of `krun run --config`"
        )
    }
}
