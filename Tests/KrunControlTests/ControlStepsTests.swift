import KrunBroker
import KrunDiagnostics
import KrunKafka
import Testing

@testable import KrunControl

/// Steps that are asked for over the wire: what they do to a cluster, and what is answered.
@Suite(.timeLimit(.minutes(5)))
struct ControlStepsTests {
    @Test func aFaultOutlastsItsRequestUntilItIsHealed() async throws {
        try await ControlledCluster.with { cluster in
            let down = try await cluster.step("{ \"fault\": \"broker-down\", \"broker\": 2 }")
            #expect(down.status == "HTTP/1.1 200 OK")
            #expect(
                down.stableBody == """
                    {
                      "krun": "0.0.0",
                      "format": 1,
                      "status": "passed",
                      "step": {
                        "number": 1,
                        "title": "fault: broker 2 down",
                        "sentence": "",
                        "status": "passed",
                        "duration": "<time>",
                        "fault": "broker-down",
                        "outcome": {
                          "applied": 1,
                          "duration": "<time>"
                        },
                        "invariants": {},
                        "diagnostics": []
                      },
                      "diagnostics": []
                    }

                    """)
            #expect(cluster.cluster.brokers == [1: true, 2: false, 3: true])

            let fail = try await cluster.step(
                "{ \"fault\": \"fail\", \"request\": \"Produce\", \"error\": \"NOT_ENOUGH_REPLICAS\" }")
            #expect(fail.status == "HTTP/1.1 200 OK")
            let heal = try await cluster.step("{ \"fault\": \"heal\", \"expect\": { \"applied\": 1 } }")
            #expect(heal.status == "HTTP/1.1 200 OK")
            #expect(
                heal.stableBody.contains(
                    """
                        "outcome": {
                          "applied": 1,
                          "healed": [
                            {
                              "path": "1",
                              "fault": "broker-down",
                              "applied": 1
                            },
                            {
                              "path": "2",
                              "fault": "fail",
                              "applied": 0
                            }
                          ],
                    """))
            #expect(cluster.cluster.brokers == [1: true, 2: true, 3: true])
        }
    }

    /// With every broker down nothing but the cluster itself can say what topics there are.
    @Test func aClusterWithoutBrokersIsHealed() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            try cluster.cluster.createTopic("orders", partitions: 3)
            #expect(try await cluster.step("{ \"fault\": \"broker-down\", \"broker\": 1 }").status == "HTTP/1.1 200 OK")
            let start = ContinuousClock.now
            #expect(try await cluster.step("{ \"fault\": \"heal\" }").status == "HTTP/1.1 200 OK")
            #expect(ContinuousClock.now - start < .seconds(8))
            #expect(cluster.cluster.brokers == [1: true])
        }
    }

    /// Records, groups and topics are those of all who use the cluster; what a step makes stays, its members leave.
    @Test func whatStepsMakeStays() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            let steps = [
                "{ \"topic\": \"orders\", \"create\": { \"partitions\": 2 } }",
                "{ \"produce\": \"orders\", \"messages\": [{ \"key\": \"alice\", \"value\": \"tea\", \"partition\": 1 }] }",
                "{ \"consume\": \"orders\", \"group\": \"billing\", \"expect\": { \"messages\": 1, \"lag\": 0 } }",
                "{ \"topic\": \"orders\", \"partitions\": 3, \"expect\": { \"partitions\": 3 } }",
                "{ \"group\": \"billing\", \"expect\": { \"state\": \"Empty\" } }",
                "{ \"offsets\": \"billing\", \"topic\": \"orders\", \"expect\": { \"committed\": { \"1\": 1 }, \"lag\": 0 } }",
            ]
            for step in steps {
                let answer = try await cluster.step(step)
                #expect(answer.status == "HTTP/1.1 200 OK", "\(step)\n\(answer.body)")
            }
            let topics = try cluster.cluster.topicContents().filter { !$0.name.hasPrefix("__") }
            #expect(topics.map(\.name) == ["orders"])
            #expect(topics.map(\.partitions) == [3])
            #expect(try await cluster.step("{ \"topic\": \"orders\", \"delete\": true }").status == "HTTP/1.1 200 OK")
            #expect(try cluster.cluster.topicContents().map(\.name).contains("orders") == false)
        }
    }

    @Test func whatIsNotAsExpectedIsSaid() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            try cluster.cluster.createTopic("orders", partitions: 3)
            let answer = try await cluster.step("{ \"topic\": \"orders\",\n  \"expect\": { \"partitions\": 4 } }")
            #expect(
                answer.status == "HTTP/1.1 422 Unprocessable Entity"
                    || answer.status == "HTTP/1.1 422 Unprocessable Content")
            let text = try #require(answer.diagnosticTexts.first)
            #expect(
                text == """
                    error: orders has another number of partitions than expected
                     --> step:2:29
                      |
                      | topic orders                                                       step 1
                    2 |   "expect": { "partitions": 4 } }
                      |                             ^ actual: 3
                    """)
        }
    }

    @Test func whatCannotBeDoneIsSaid() async throws {
        try await ControlledCluster.with(brokers: 2) { cluster in
            try cluster.cluster.createTopic("orders", partitions: 1, replicationFactor: 1)
            let leader = try cluster.cluster.leader(ofTopic: "orders", partition: 0).leader
            let other = 3 - leader
            let answer = try await cluster.step(
                "{ \"fault\": \"move-leader\", \"topic\": \"orders\", \"partition\": 0, \"to\": \(other) }")
            #expect(answer.status == "HTTP/1.1 409 Conflict")
            #expect(
                answer.diagnosticTexts == [
                    """
                    error: the cluster cannot suffer that
                     --> step:1:12
                      |
                      | fault: leader of orders/0 moves to \(other)                               step 1
                    1 | { "fault": "move-leader", "topic": "orders", "partition": 0, "to": \(other) }
                      |            ^^^^^^^^^^^^^ broker \(other) cannot lead orders/0: it is no in-sync replica of it, or down
                      |
                      = in sync: \(leader)
                    """
                ])
        }
    }

    // MARK: Steps that are wrong

    private func wrong(_ body: String) async throws -> String {
        try await ControlledCluster.with(brokers: 2) { cluster in
            try cluster.cluster.createTopic("orders", partitions: 3)
            let answer = try await cluster.step(body)
            #expect(answer.status == "HTTP/1.1 400 Bad Request")
            #expect(answer.body.contains("\"status\": \"invalid\""))
            return answer.diagnosticTexts.joined(separator: "\n\n")
        }
    }

    @Test func stepsAreReadStrictly() async throws {
        #expect(
            try await wrong("{\n  \"fault\": \"broker-down\",\n  \"brokr\": 2\n}") == """
                error: unknown field "brokr"
                 --> step:3:3
                  |
                3 |   "brokr": 2
                  |   ^^^^^^^ did you mean "broker"?
                """)
        #expect(
            try await wrong("{ \"fault\": \"broker-down\", \"broker\": 3 }") == """
                error: there is no broker 3
                 --> step:1:37
                  |
                1 | { "fault": "broker-down", "broker": 3 }
                  |                                     ^ the cluster has brokers 1 to 2
                """)
        #expect(
            try await wrong("{ \"topic\": \"payments\", \"expect\": { \"partitions\": 3 } }") == """
                error: topic "payments" is not on this cluster
                 --> step:1:12
                  |
                1 | { "topic": "payments", "expect": { "partitions": 3 } }
                  |            ^^^^^^^^^^
                  |
                  = it has orders
                  = { "topic": "payments", "create": { … } } makes it
                """)
        #expect(
            try await wrong("{ \"topic\": \"orders\", \"create\": {} }") == """
                error: topic "orders" is there already
                 --> step:1:12
                  |
                1 | { "topic": "orders", "create": {} }
                  |            ^^^^^^^^ the cluster has it
                  |
                  = where Kafka is to refuse it: "expect": { "error": "TOPIC_ALREADY_EXISTS" }
                """)
        #expect(
            try await wrong("{ \"fault\": \"heal\", \"fault\": \"heal\" }") == """
                error: the name "fault" stands twice in the same object
                 --> step:1:20
                  |
                1 | { "fault": "heal", "fault": "heal" }
                  |                    ^^^^^^^
                  |
                  = it stands first in line 1, column 3
                """)
    }

    @Test func whatIsNoStepIsRefused() async throws {
        for body in [
            "", "{", "[]", "null", "{ \"fault\": \"heal\" } x", "{ \"name\": \"x\", \"steps\": [] }", "\u{FEFF}{}",
        ] {
            #expect(try await wrong(body).hasPrefix("error: "), "\(body)")
        }
    }

    /// What would only be known later is not passed over.
    @Test func whatCannotBeExpectedYetIsSaid() async throws {
        #expect(
            try await wrong("{ \"fault\": \"disconnect\", \"expect\": { \"applied\": 1 } }") == """
                error: how often the fault strikes is not known yet
                 --> step:1:26
                  |
                1 | { "fault": "disconnect", "expect": { "applied": 1 } }
                  |                          ^^^^^^^^ nothing can be expected of it here
                  |
                  = { "fault": "heal", "expect": { "applied": … } } ends it and compares it then
                """)
    }

    /// Who may use the broker need not be who may read the files and the environment of whoever runs it.
    @Test func nothingIsReadFromTheMachine() async throws {
        let payload = "{ \"produce\": \"orders\", \"messages\": [{ \"value\": { \"file\": \"/etc/hostname\" } }] }"
        #expect(
            try await wrong(payload)
                == """
                error: cannot read the file "/etc/hostname"
                 --> step:1:58
                  |
                1 | { "produce": "orders", "messages": [{ "value": { "file": "/etc/hostname" } }] }
                  |                                                          ^^^^^^^^^^^^^^^ a step that is no part of a file reads none
                """)
        let records = "{ \"produce\": \"orders\", \"messages\": { \"file\": \"orders.jsonl\" } }"
        #expect(
            try await wrong(records) == """
                error: cannot read the file "orders.jsonl"
                 --> step:1:46
                  |
                1 | { "produce": "orders", "messages": { "file": "orders.jsonl" } }
                  |                                              ^^^^^^^^^^^^^^ a step that is no part of a file reads none
                """)
        let environment = "{ \"produce\": \"orders\", \"messages\": [{ \"value\": \"{{env.HOME}}\" }] }"
        #expect(
            try await wrong(environment) == """
                error: the environment's "HOME" may not be seen
                 --> step:1:51
                  |
                1 | { "produce": "orders", "messages": [{ "value": "{{env.HOME}}" }] }
                  |                                                   ^^^^^^^^ nobody allowed it
                """)
    }

    @Test func whatIsDrawnIsDrawn() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            try cluster.cluster.createTopic("orders", partitions: 1)
            let answer = try await cluster.step(
                "{ \"produce\": \"orders\", \"messages\": [{ \"value\": \"{{uuid}} {{now}}\", \"timestamp\": \"{{now}}\" }] }"
            )
            #expect(answer.status == "HTTP/1.1 200 OK", "\(answer.body)")
        }
    }

    // MARK: Several, and their ends

    @Test func stepsRunSideBySideAndSoManyAtMost() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            var open: [RawConnection] = []
            for number in 1...ControlSteps.maximumAtOnce {
                let connection = try RawConnection(cluster.server.address)
                connection.send(ControlledCluster.request("{ \"pause\": \"1h\" }"))
                try await cluster.wait { cluster.server.runningSteps == number }
                open.append(connection)
            }
            let more = try await cluster.step("{ \"fault\": \"heal\" }")
            #expect(more.status == "HTTP/1.1 503 Service Unavailable")
            #expect(
                more.diagnosticTexts == [
                    "error: 16 steps are run already\n  = that many at a time: ask again when one of them is over"
                ])
            // Who goes away ends the step that was asked for.
            open.removeFirst().leave()
            try await cluster.wait { cluster.server.runningSteps == ControlSteps.maximumAtOnce - 1 }
            #expect(try await cluster.step("{ \"fault\": \"heal\" }").status == "HTTP/1.1 200 OK")
            withExtendedLifetime(open) {}
        }
    }

    @Test func theEndOfTheBrokerEndsSteps() async throws {
        let own = try ControlledCluster(brokers: 1)
        let connection = try RawConnection(own.server.address)
        connection.send(ControlledCluster.request("{ \"pause\": \"1h\" }"))
        try await own.wait { own.server.runningSteps == 1 }
        await own.server.close()
        own.cluster.close()
        let answer = RawAnswer(await connection.read())
        #expect(answer.status == "HTTP/1.1 503 Service Unavailable")
        #expect(answer.body.contains("\"status\": \"interrupted\""))
    }

    @Test func stepsLogInWhereTheyHaveTo() async throws {
        let login: ClientProperties = [
            "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN", "sasl.username": "alice",
            "sasl.password": "wonderland-7",
        ]
        try await ControlledCluster.with(brokers: 1, users: ["alice": "wonderland-7"], properties: login) { cluster in
            try cluster.cluster.createTopic("orders", partitions: 1)
            let answer = try await cluster.step("{ \"produce\": \"orders\", \"messages\": [{ \"value\": \"tea\" }] }")
            #expect(answer.status == "HTTP/1.1 200 OK")
            #expect(!answer.body.contains("wonderland"))
        }
    }
}
