import KrunBroker
import KrunDiagnostics
import KrunKafka
import KrunTools

/// Where `krun broker` listens: what is wrong with it, and the way out.
enum BrokerAddress {
    /// - Throws: a usage diagnostic for what clients could not connect to.
    static func check(_ options: ClusterOptions) throws(Diagnostic) {
        if let host = options.advertisedHost {
            let isAddress = !host.contains("[") && host.count { $0 == ":" } > 1
            guard !host.isEmpty, !host.contains(where: { " \t/,".contains($0) }), isAddress || !host.contains(":")
            else {
                throw Diagnostic(
                    .usage, "--advertised-host \(host.isEmpty ? "\"\"" : host) is no name or address of a machine",
                    notes: ["without a port, such as --advertised-host my-machine: the port is that of --port"])
            }
        } else if options.host == "0.0.0.0" || options.host == "::" {
            throw Diagnostic(
                .usage, "--host \(options.host) needs --advertised-host: clients are told where to connect to",
                notes: ["such as --host \(options.host) --advertised-host my-machine"])
        }
    }

    /// Why the cluster did not start; of a port in use with what was found there.
    static func diagnostic(_ error: ClusterError, _ options: ClusterOptions) -> Diagnostic {
        if let port = error.portInUse {
            return Diagnostic(.runtime, error.description, notes: waysOut(of: port, options))
        }
        return Diagnostic(
            error.isBadOption ? .usage : .runtime, error.description, notes: error.hint.map { [$0] } ?? [])
    }

    private static func waysOut(of port: Int, _ options: ClusterOptions) -> [String] {
        let host =
            switch options.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            case let host where host.contains(":"): "[\(host)]"
            case let host: host
            }
        let address = KafkaConnection.Address(
            bootstrap: "\(host):\(port)", chosenBy: "--port", properties: .init(), timeout: .seconds(3))
        let there =
            (try? KafkaConnection.open(address)) == nil
            ? "what listens there does not answer as a Kafka without TLS and login does"
            : "a Kafka answers there already: `krun consume --brokers \(host):\(port)` uses it, or export KRUN_BROKERS=\(host):\(port)"
        let free = options.brokers == 1 ? "--port 0 takes a free one" : "--port 0 takes free ones"
        return [there, "another port: \(free)"]
    }
}
