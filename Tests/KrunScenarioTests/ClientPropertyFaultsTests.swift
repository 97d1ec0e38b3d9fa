import Testing

/// Properties of librdkafka that a scenario may not set.
@Suite("Client Property Faults") struct ClientPropertyFaultsTests {
    @Test("a fault is told with its place and the way out", arguments: faults)
    func fault(_ fault: Fault) {
        #expect(problems(fault.text) == fault.expected)
    }

    static let faults: [Fault] = [
        Fault(
            "a command",
            steps: #"""
                { "consume": "orders", "client": { "sasl.kerberos.kinit.cmd": "rm -rf /" } }
                """#,
            #"""
            6:36-60 a scenario may not set the client property "sasl.kerberos.kinit.cmd"
              ^ librdkafka would run it as a command
              = `krun run -X sasl.kerberos.kinit.cmd=VALUE` sets it, or the file of `krun run --config`
            """#),
        Fault(
            "a library",
            steps: #"""
                { "consume": "orders", "client": { "plugin.library.paths": "evil.so" } }
                """#,
            #"""
            6:36-57 a scenario may not set the client property "plugin.library.paths"
              ^ librdkafka would load it as code
              = `krun run -X plugin.library.paths=VALUE` sets it, or the file of `krun run --config`
            """#),
        Fault(
            "a host",
            steps: #"""
                { "consume": "orders", "client": { "bootstrap.servers": "evil:9092" } }
                """#,
            #"""
            6:36-54 a scenario may not set the client property "bootstrap.servers"
              ^ it decides which hosts are spoken to
              = `krun run --brokers` or KRUN_BROKERS names the broker
            """#),
        Fault(
            "a group",
            steps: #"""
                { "consume": "orders", "client": { "group.id": "g" } }
                """#,
            #"""
            6:36-45 a scenario may not set the client property "group.id"
              ^ "group" of a consume step sets it
            """#),
        Fault(
            "security, logs, what krun sets and what the language sets",
            steps: #"""
                { "produce": "orders", "messages": [], "client": {
                  "ssl.ca.location": "x", "sasl.password": "x", "security.protocol": "ssl", "debug": "all",
                  "enable.auto.commit": true, "partition.assignment.strategy": "range", "partitioner": "murmur2", "acks": 1,
                  "compression.type": "lz4", "transactional.id": "t", "enable.partition.eof": true, "interceptors": "x",
                  "my.own": 1, "batch.sise": 5 } }
                """#,
            #"""
            7:3-19 a scenario may not set the client property "ssl.ca.location"
              ^ it decides about credentials and security
              = `krun run -X ssl.ca.location=VALUE` sets it, or the file of `krun run --config`
            7:27-41 a scenario may not set the client property "sasl.password"
              ^ it decides about credentials and security
              = `krun run -X sasl.password=VALUE` sets it, or the file of `krun run --config`
            7:49-67 a scenario may not set the client property "security.protocol"
              ^ it decides about credentials and security
              = `krun run -X security.protocol=VALUE` sets it, or the file of `krun run --config`
            7:77-83 a scenario may not set the client property "debug"
              ^ it decides what is logged
              = `krun run -X debug=VALUE` sets it, or the file of `krun run --config`
            8:3-22 a scenario may not set the client property "enable.auto.commit"
              ^ "commit" of a consume step says when offsets are committed
            8:31-61 a scenario may not set the client property "partition.assignment.strategy"
              ^ "assignor" of a consume step sets it
            8:73-85 a scenario may not set the client property "partitioner"
              ^ "partitioner" of the scenario or of a produce step sets it
            8:99-104 a scenario may not set the client property "acks"
              ^ "acks" of a produce step sets it
            9:3-20 a scenario may not set the client property "compression.type"
              ^ "compression" of a produce step sets it
            9:30-47 a scenario may not set the client property "transactional.id"
              ^ "transactionalId" of a produce step sets it
            9:55-76 a scenario may not set the client property "enable.partition.eof"
              ^ krun sets it itself
            9:85-98 a scenario may not set the client property "interceptors"
              ^ librdkafka would load it as code
            10:3-10 unknown client property "my.own"
              ^ librdkafka has none of that name
            10:16-27 unknown client property "batch.sise"
              ^ did you mean "batch.size"?
            """#),
        Fault(
            "what is krun's affair, what no text can set, what is half a name, and what is not for tuning",
            steps: #"""
                { "consume": "orders", "client": { "auto.offset.reset": "latest", "isolation.level": "read_committed",
                  "group.instance.id": "a", "rebalance_cb": "x", "linger": 5, "bootstrap.server": "a", "ssl.location": "x",
                  "api.version.request": true, "enable.auto.offset.store": false } }
                """#,
            #"""
            6:36-54 a scenario may not set the client property "auto.offset.reset"
              ^ "from" of a consume step says where reading begins
            6:67-83 a scenario may not set the client property "isolation.level"
              ^ "isolation" of a consume or group step sets it
            7:3-21 a scenario may not set the client property "group.instance.id"
              ^ "static" of a consume or group step sets it
            7:29-42 a scenario may not set the client property "rebalance_cb"
              ^ it takes no text, only a program can set it
            7:50-57 unknown client property "linger"
              ^ did you mean "linger.ms"?
            7:63-80 unknown client property "bootstrap.server"
              ^ did you mean "bootstrap.servers"?
              = a scenario may not set that one: it decides which hosts are spoken to
              = `krun run --brokers` or KRUN_BROKERS names the broker
            7:88-101 unknown client property "ssl.location"
              ^ did you mean "ssl.ca.location"?
              = a scenario may not set that one: it decides about credentials and security
              = `krun run -X ssl.ca.location=VALUE` sets it, or the file of `krun run --config`
            8:3-23 a scenario may not set the client property "api.version.request"
              ^ it is not on the list of tuning properties
              = `krun run -X api.version.request=VALUE` sets it, or the file of `krun run --config`
            8:32-57 a scenario may not set the client property "enable.auto.offset.store"
              ^ krun sets it itself
            """#),
        Fault(
            "values",
            steps: #"""
                { "produce": "orders", "messages": [], "client": {
                  "linger.ms": -1, "batch.size": "many", "retries": 1.5, "socket.keepalive.enable": "yes", "client.id": null,
                  "session.timeout.ms": 6000 } }
                """#,
            #"""
            7:16-17 "linger.ms" is out of range
              ^ expected 0 or more, found -1
            7:34-39 wrong type for "batch.size"
              ^ expected a whole number, found a string "many"
            7:53-55 wrong type for "retries"
              ^ expected a whole number, found the number 1.5
            7:85-89 wrong type for "socket.keepalive.enable"
              ^ expected true or false, found a string "yes"
            7:105-108 wrong type for "client.id"
              ^ expected a string, a number or a boolean, found null
            8:3-22 client property "session.timeout.ms" is not one of a producer
              ^ only consumers have it
              = set it on a consume step, or in the file's "client" for all of them
            """#),
        Fault(
            "a heartbeat slower than its session",
            steps: #"""
                { "consume": "orders", "group": "g", "client": { "session.timeout.ms": 6000, "heartbeat.interval.ms": 6000 } }
                """#,
            #"""
            6:103-106 "heartbeat.interval.ms" is not below "session.timeout.ms"
              ^ expected at most 5999, found 6000
            """#),
        Fault(
            "an idempotent producer without its conditions",
            steps: #"""
                { "produce": "orders", "messages": [], "idempotent": true, "client": { "max.in.flight": 6, "retries": 0 } }
                """#,
            #"""
            6:89 "max.in.flight" is out of range
              ^ expected at most 5, found 6
            6:103 "retries" is out of range
              ^ expected 1 or more, found 0
            """#),
    ]
}
