/// Turns a Java client's properties into librdkafka's, collecting all that does not fit.
struct JavaPropertiesMapping {
    private(set) var properties = ClientProperties()
    private(set) var ignored: [JavaProperties.Ignored] = []
    private(set) var problems: [JavaPropertiesError.Problem] = []
    private let entries: [JavaPropertiesReader.Entry]

    init(_ entries: [JavaPropertiesReader.Entry]) {
        // As in Java, the last of several counts.
        var last: [String: Int] = [:]
        for (index, entry) in entries.enumerated() { last[entry.name] = index }
        self.entries = entries.enumerated().filter { last[$0.element.name] == $0.offset }.map(\.element)
    }

    mutating func run() {
        for entry in entries { map(entry) }
    }

    private func value(of name: String) -> String? {
        entries.first { $0.name == name }?.value
    }

    private mutating func map(_ entry: JavaPropertiesReader.Entry) {
        let (name, value) = (entry.name, entry.value)
        switch name {
        case "sasl.jaas.config":
            mapLogin(entry)
        case "ssl.truststore.location":
            mapTruststore(entry)
        case "ssl.truststore.certificates":
            properties["ssl.ca.pem"] = value
        case "ssl.keystore.location":
            mapKeystore(entry)
        case "ssl.keystore.certificate.chain":
            properties["ssl.certificate.pem"] = value
        case "ssl.keystore.key":
            properties["ssl.key.pem"] = value
        case "ssl.keystore.password":
            // A PEM store has no password of its own; its key has `ssl.key.password`.
            if keystoreType == "PKCS12" { properties[name] = value } else { ignore(entry) }
        case "ssl.endpoint.identification.algorithm":
            properties[name] = value.isEmpty ? "none" : value.lowercased()
        case "ssl.truststore.type", "ssl.keystore.type":
            break
        case "client.dns.lookup" where value == "default" || !ClientConfiguration.knows(name):
            // librdkafka before 2.2 always uses all addresses, as Java does today.
            ignore(entry)
        case "partition.assignment.strategy":
            mapAssignors(entry)
        case _ where Self.renamed[name] != nil:
            properties[Self.renamed[name]!] = value
        case _ where Self.isOnlyJava(name):
            ignore(entry)
        case _ where ClientConfiguration.knows(name):
            properties[name] = value
        case _ where !Self.isName(entry):
            refuse(
                entry, "this is not name=value (not shown: it may be a secret)",
                hint: "each line sets a property of a Java client or of librdkafka")
        default:
            refuse(
                entry, "unknown property \"\(name)\"",
                hint: "it is neither a Java client's nor librdkafka's (\(KafkaLibrary.version))")
        }
    }

    // MARK: - Stores

    private mutating func mapTruststore(_ entry: JavaPropertiesReader.Entry) {
        let type = value(of: "ssl.truststore.type")?.uppercased() ?? Self.typeByName(entry.value)
        if type == "PEM" {
            properties["ssl.ca.location"] = entry.value
        } else {
            let export =
                type == "PKCS12"
                ? "openssl pkcs12 -in \(entry.value) -nokeys -out ca.pem"
                : "keytool -exportcert -rfc -alias NAME -keystore \(entry.value) -file ca.pem"
            refuse(
                entry, "librdkafka reads no \(type) truststore",
                hint: "\(export), then ssl.truststore.type=PEM and ssl.truststore.location=ca.pem")
        }
    }

    private mutating func mapKeystore(_ entry: JavaPropertiesReader.Entry) {
        switch keystoreType {
        case "PKCS12":
            properties["ssl.keystore.location"] = entry.value
        case "PEM":
            properties["ssl.certificate.location"] = entry.value
            properties["ssl.key.location"] = entry.value
        case let type:
            refuse(
                entry, "librdkafka reads no \(type) keystore",
                hint: "keytool -importkeystore -srckeystore \(entry.value) -destkeystore client.p12 "
                    + "-deststoretype PKCS12, then ssl.keystore.type=PKCS12 and ssl.keystore.location=client.p12")
        }
    }

    private var keystoreType: String {
        value(of: "ssl.keystore.type")?.uppercased() ?? Self.typeByName(value(of: "ssl.keystore.location") ?? "")
    }

    /// Java takes a store for JKS where no type is given, but reads PKCS12 then too.
    private static func typeByName(_ location: String) -> String {
        let name = location.lowercased()
        if name.hasSuffix(".p12") || name.hasSuffix(".pfx") { return "PKCS12" }
        return name.hasSuffix(".pem") ? "PEM" : "JKS"
    }

    // MARK: - Logins and assignors

    private mutating func mapLogin(_ entry: JavaPropertiesReader.Entry) {
        guard let login = JavaLogin(entry.value) else {
            // Its text may hold a password.
            return refuse(
                entry, "sasl.jaas.config cannot be read (not shown: it is a secret)",
                hint: "MODULE required username=\"…\" password=\"…\";")
        }
        guard login.module == "PlainLoginModule" || login.module == "ScramLoginModule" else {
            return refuse(
                entry, "login module \(login.module) has no counterpart here",
                hint: "give librdkafka's own sasl.* properties in its place")
        }
        for (option, name) in [("username", "sasl.username"), ("password", "sasl.password")] {
            if let value = login.options[option] {
                properties[name] = value
            } else {
                refuse(entry, "sasl.jaas.config names no \(option)", hint: "")
            }
        }
    }

    private mutating func mapAssignors(_ entry: JavaPropertiesReader.Entry) {
        var names: [String] = []
        for part in entry.value.split(separator: ",") {
            let name = String(part.drop { $0 == " " }.split(separator: " ").first ?? "")
            switch name.split(separator: ".").last {
            case "RangeAssignor": names.append("range")
            case "RoundRobinAssignor": names.append("roundrobin")
            case "CooperativeStickyAssignor": names.append("cooperative-sticky")
            case "StickyAssignor":
                return refuse(
                    entry, "librdkafka has no StickyAssignor",
                    hint: "range, roundrobin and cooperative-sticky are there")
            default: names.append(name)
            }
        }
        properties[entry.name] = names.joined(separator: ",")
    }

    private mutating func ignore(_ entry: JavaPropertiesReader.Entry) {
        ignored.append(JavaProperties.Ignored(name: entry.name, line: entry.line))
    }

    private mutating func refuse(_ entry: JavaPropertiesReader.Entry, _ message: String, hint: String) {
        problems.append(JavaPropertiesError.Problem(line: entry.line, message: message, hint: hint))
    }

    // MARK: - Names

    /// Whether the unknown name of an entry can be shown: what stands alone, is base64 with its padding, or does not look as names of
    /// properties do, may be a part of a secret with a sign in it.
    private static func isName(_ entry: JavaPropertiesReader.Entry) -> Bool {
        entry.hasSign && !entry.value.utf8.allSatisfy { $0 == UInt8(ascii: "=") }
            && PropertyName.looksLikeOne(entry.name)
    }

    private static let renamed = [
        "request.timeout.ms": "socket.timeout.ms",
        "send.buffer.bytes": "socket.send.buffer.bytes",
        "receive.buffer.bytes": "socket.receive.buffer.bytes",
        "max.request.size": "message.max.bytes",
        "fetch.max.wait.ms": "fetch.wait.max.ms",
    ]

    /// What a Java client reads and librdkafka does not have, or has no use for.
    private static func isOnlyJava(_ name: String) -> Bool {
        onlyJava.contains(name) || onlyJavaPrefixes.contains { name.hasPrefix($0) }
    }

    private static let onlyJavaPrefixes = [
        "metrics.", "sasl.login.", "sasl.client.callback", "ssl.engine.", "sasl.kerberos.ticket.", "socket.connection.",
        "sasl.oauthbearer.jwks.", "sasl.oauthbearer.clock.", "sasl.oauthbearer.expected.", "bootstrap.controllers",
    ]

    private static let onlyJava: Set<String> = [
        "key.serializer", "value.serializer", "key.deserializer", "value.deserializer", "partitioner.class",
        "partitioner.ignore.keys", "partitioner.adaptive.partitioning.enable", "partitioner.availability.timeout.ms",
        "interceptor.classes", "metric.reporters", "auto.include.jmx.reporter", "enable.metrics.push", "buffer.memory",
        "max.block.ms", "max.poll.records", "default.api.timeout.ms", "exclude.internal.topics",
        "metadata.max.idle.ms", "metadata.recovery.strategy", "retry.backoff.max.ms", "security.providers",
        "ssl.protocol", "ssl.enabled.protocols", "ssl.provider", "ssl.truststore.password",
        "ssl.secure.random.implementation", "ssl.trustmanager.algorithm", "ssl.keymanager.algorithm",
        "sasl.kerberos.min.time.before.relogin.ms", "config.providers",
    ]
}

/// A login in `sasl.jaas.config`: `org.….PlainLoginModule required username="alice" password="…";`.
struct JavaLogin: Hashable {
    /// The class without its package.
    var module: String
    var options: [String: String] = [:]

    /// Nil for what is no login of one module.
    init?(_ text: String) {
        var words = Self.words(of: text)
        guard words.last == ";" else { return nil }
        words.removeLast()
        guard words.count >= 2, let module = words[0].split(separator: ".").last, !words.contains(";") else {
            return nil
        }
        self.module = String(module)
        var rest = words[2...]
        while let name = rest.popFirst() {
            guard rest.popFirst() == "=", let value = rest.popFirst() else { return nil }
            options[name] = value
        }
    }

    /// Words, quoted texts without their quotes, `=` and `;`.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first == "=" || first == ";" {
                words.append(String(rest.removeFirst()))
            } else if first == "\"" || first == "'" {
                rest.removeFirst()
                var word = ""
                while let character = rest.popFirst(), character != first {
                    word.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
                }
                words.append(word)
            } else {
                let word = rest.prefix { !$0.isWhitespace && $0 != "=" && $0 != ";" }
                words.append(String(word))
                rest.removeFirst(word.count)
            }
        }
        return words
    }
}
