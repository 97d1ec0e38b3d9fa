import KrunBroker
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunTools
import Testing

/// Topics on a cluster that is not well, that refuses, or where somebody else is quicker.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct TopicTroubleTests {
    private static func order(
        _ names: [String], partitions: Int = 1, replicationFactor: Int = -1, ifNotExists: Bool = false
    ) -> TopicCreation.Order {
        TopicCreation.Order(
            names: names, partitions: partitions, replicationFactor: replicationFactor, configs: [:],
            ifNotExists: ifNotExists)
    }

    @Test func whatABrokerTakesWithItIsTold() async throws {
        try await onThread {
            let place = try AdministrationPlace(brokers: 2)
            _ = try TopicCreation.carryOut(
                Self.order(["orders"], partitions: 2, replicationFactor: 1), on: place.connection)
            _ = try TopicCreation.carryOut(
                Self.order(["bills"], partitions: 3, replicationFactor: 2), on: place.connection)
            let leaders =
                try place.connection.admin.metadata(timeout: .seconds(10)).topics
                .first { $0.name == "orders" }?.partitions.map(\.leader) ?? []
            #expect(leaders.sorted() == [1, 2])
            let stopped = leaders[1]
            try place.cluster.stopBroker(stopped)
            let connection = try place.connected()
            #expect(
                try TopicList.read(from: connection, includesInternal: false).text(.plain) == """
                    topic   partitions  replicas  messages  trouble
                    bills            3         2         0  partitions 0, 1, 2 are under-replicated
                    orders           2         1         –  partition 1 has no leader

                    """)
            #expect(
                try TopicDescriptions.read(["orders"], from: connection).text(.plain) == """
                    topic orders: 2 partitions, replication factor 1, its messages are not known
                      partition 1 has no leader
                      partition  leader  replicas  in-sync replicas  first  end  messages
                              0       \(3 - stopped)  \(3 - stopped)         \(3 - stopped)                     0    0         0
                              1       –  \(stopped)         \(stopped)                     –    –         –

                      no configs of its own

                    """)
            #expect(
                try TopicDescriptions.read(["orders"], from: connection).json.text(pretty: false).contains(
                    #"{"partition":1,"leader":null,"replicas":[\#(stopped)],"inSyncReplicas":[\#(stopped)],"first":null,"end":null,"messages":null}"#
                ))
            // It can be deleted all the same.
            let deletion = try TopicDeletion.plan(["orders"], looksAtGroups: true, on: connection)
            #expect(
                deletion.text(.plain) == """
                    topic   partitions  messages  committed by
                    orders           2         –  –

                    """)
            #expect(try deletion.carryOut(wasAsked: false).text(.plain) == "deleted topic orders\n")
        }
    }

    @Test func configsThatMayNotBeReadLeaveTheRest() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 1)
            try place.cluster.inject(.fail(.describeConfigs, with: "TOPIC_AUTHORIZATION_FAILED"))
            let description = try TopicDescriptions.read(["orders"], from: place.connection)
            #expect(
                description.text(.plain) == """
                    topic orders: 1 partition, replication factor 1, 0 messages
                      partition  leader  replicas  in-sync replicas  first  end  messages
                              0       1  1         1                     0    0         0

                      its configs are not known

                    """)
            #expect(
                place.printed(description.remarks) == """
                    warning: asking for the configuration of topic orders failed
                      = TOPIC_AUTHORIZATION_FAILED: Broker: Topic authorization failed
                    """)
            #expect(description.json.text(pretty: false).hasSuffix(#""configs":null}]}"#))
        }
    }

    @Test func ofSeveralThatAreDeletedEachThatFailsIsTold() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            for topic in ["orders", "bills", "refunds"] { try place.cluster.createTopic(topic, partitions: 1) }
            let plan = try TopicDeletion.plan(
                ["refunds", "orders", "bills"], looksAtGroups: false, on: place.connection)
            try place.cluster.inject(.fail(.deleteTopics, with: "TOPIC_AUTHORIZATION_FAILED", topic: "orders"))
            _ = try place.connection.admin.deleteTopics(["refunds"], timeout: .seconds(10))
            let outcome = try plan.carryOut(wasAsked: false)
            #expect(outcome.text(.plain) == "deleted topic bills\n")
            #expect(
                place.printed(outcome.remarks) == """
                    error: deleting topic refunds failed
                      = it is gone already: somebody else deleted it

                    error: deleting topic orders failed
                      = TOPIC_AUTHORIZATION_FAILED: Broker: Topic authorization failed
                    """)
            #expect(
                outcome.json.text(pretty: false)
                    == #"{"topics":[{"name":"refunds","partitionCount":1,"messages":0,"deleted":false,"error":"#
                    + #"{"name":"UNKNOWN_TOPIC_OR_PART","reason":"Broker: Unknown topic or partition"}},"#
                    + #"{"name":"orders","partitionCount":1,"messages":0,"deleted":false,"error":"#
                    + #"{"name":"TOPIC_AUTHORIZATION_FAILED","reason":"Broker: Topic authorization failed"}},"#
                    + #"{"name":"bills","partitionCount":1,"messages":0,"deleted":true}]}"#)
        }
    }

    @Test func ofSeveralGroupsEachThatFailsIsTold() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 1)
            for group in ["billing", "audit"] { try place.commit(group, [0]) }
            let plan = try GroupDeletion.plan(["billing", "audit"], on: place.connection)
            _ = try place.connection.admin.deleteGroups(["audit"], timeout: .seconds(10))
            let outcome = try plan.carryOut(wasAsked: false)
            #expect(outcome.text(.plain) == "deleted group billing\n")
            #expect(
                place.printed(outcome.remarks) == """
                    error: deleting group audit failed
                      = it is gone already: somebody else deleted it
                    """)
        }
    }

    /// Whoever typed yes said it to what was shown.
    @Test func topicsThatChangedMeanwhileAreNotDeleted() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            for topic in ["orders", "bills"] { try place.cluster.createTopic(topic, partitions: 1) }
            let plan = try TopicDeletion.plan(["orders", "bills"], looksAtGroups: true, on: place.connection)
            _ = try PartitionAddition.plan("orders", total: 3, on: place.connection).carryOut(wasAsked: false)
            try place.commit("billing", [0])
            #expect(
                place.diagnosis { _ = try plan.carryOut(wasAsked: true) } == """
                    error: topic orders has changed meanwhile
                      = partitions: 3, where 1 was shown
                      = committed by: billing, where – was shown
                      = nothing was deleted: ask again, or say --yes
                    """)
            let again = try TopicDeletion.plan(["orders", "bills"], looksAtGroups: true, on: place.connection)
            #expect(
                try again.carryOut(wasAsked: true).text(.plain) == "deleted topic orders\ndeleted topic bills\n")
            #expect(
                place.diagnosis { _ = try again.carryOut(wasAsked: true) } == """
                    error: topic orders does not exist on <address>
                      = `krun topics create orders` makes one; `krun topics list` lists those that are there

                    error: topic bills does not exist on <address>
                      = `krun topics create bills` makes one; `krun topics list` lists those that are there
                      = nothing was deleted
                    """)
        }
    }

    @Test func groupsThatChangedMeanwhileAreNotDeleted() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 2)
            try place.commit("billing", [0])
            let plan = try GroupDeletion.plan(["billing"], on: place.connection)
            try place.commit("billing", [3, 4])
            #expect(
                place.diagnosis { _ = try plan.carryOut(wasAsked: true) } == """
                    error: group billing has changed meanwhile
                      = committed partitions: 2, where 1 was shown
                      = lag: -7, where 0 was shown
                      = nothing was deleted: ask again, or say --yes
                    """)
            #expect(try plan.carryOut(wasAsked: false).text(.plain) == "deleted group billing\n")
        }
    }

    @Test func namesAreShownSafely() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 1)
            try place.commit("bill\ning", [0])
            #expect(
                place.diagnosis { _ = try GroupDeletion.plan(["billing"], on: place.connection) } == #"""
                    error: group billing does not exist on <address>
                      = did you mean bill\u000Aing?
                    """#)
        }
    }

    @Test func ofSeveralThatAreCreatedEachThatFailsIsTold() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.inject(.fail(.createTopics, with: "TOPIC_AUTHORIZATION_FAILED", topic: "orders"))
            let creation = try TopicCreation.carryOut(Self.order(["orders", "bills"]), on: place.connection)
            #expect(creation.text(.plain) == "created topic bills: 1 partition, replication factor 1\n")
            #expect(
                place.printed(creation.remarks) == """
                    error: creating topic orders failed
                      = TOPIC_AUTHORIZATION_FAILED: Broker: Topic authorization failed
                    """)
            #expect(
                creation.json.text(pretty: false)
                    == #"{"topics":[{"name":"orders","created":false,"error":{"name":"TOPIC_AUTHORIZATION_FAILED","#
                    + #""reason":"Broker: Topic authorization failed"}},{"name":"bills","partitionCount":1,"#
                    + #""replicationFactor":1,"created":true}]}"#)
        }
    }

    /// Between the question whether it is there and the creation.
    @Test(arguments: [false, true]) func somebodyElseCreatesItFirst(_ ifNotExists: Bool) async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("bills", partitions: 1)
            try place.cluster.inject(.fail(.createTopics, with: "TOPIC_ALREADY_EXISTS", topic: "orders"))
            let creation = try TopicCreation.carryOut(
                Self.order(["orders"], ifNotExists: ifNotExists), on: place.connection)
            #expect(creation.text(.plain) == "")
            #expect(
                place.printed(creation.remarks) == """
                    error: topic orders exists already
                      = --if-not-exists leaves it as it is
                      = `krun topics add-partitions orders --to N` gives it more partitions
                    """)
        }
    }

    @Test func partitionsThatMayNotBeAddedAreToldSo() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 1)
            try place.cluster.inject(.fail(.createPartitions, with: "TOPIC_AUTHORIZATION_FAILED"))
            #expect(
                place.diagnosis {
                    _ = try PartitionAddition.plan("orders", total: 3, on: place.connection).carryOut(wasAsked: false)
                } == """
                    error: adding partitions to topic orders failed
                      = TOPIC_AUTHORIZATION_FAILED: Broker: Topic authorization failed
                    """)
        }
    }
}
