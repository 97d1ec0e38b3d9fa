import KrunConnection
import KrunKafka

/// What to do about the errors that users meet.
enum Hints {
    static let replication = [
        "leave out replicationFactor for the broker's default, or declare \"requires\": [\"brokers>=N\"]"
    ]

    static let tooLargeForClient =
        "the client measures a message before compression, against message.max.bytes in \"client\" (1000000 where it is not set)"
    static let tooLargeForBroker =
        "the broker measures a batch after compression, against max.message.bytes in the topic's \"config\" (1048588 where it is not set)"

    static func notes(for error: KafkaError) -> [String] {
        switch error.name {
        case "TOPIC_AUTHORIZATION_FAILED":
            ["the user lacks a permission on the topic: Create, Describe, Write, Read and Delete are needed"]
        case "GROUP_AUTHORIZATION_FAILED":
            ["the user lacks a permission on the group: Read, Describe and Delete are needed"]
        case "CLUSTER_AUTHORIZATION_FAILED":
            [
                "the user lacks a permission on the cluster: Create (for topics), or IdempotentWrite for idempotent producers"
            ]
        case "TRANSACTIONAL_ID_AUTHORIZATION_FAILED":
            ["the user lacks a permission on the transactional id: Write and Describe are needed"]
        case "TOPIC_ALREADY_EXISTS":
            [
                "declare it as { \"name\": ..., \"existing\": true }; names are as in the file with --exact-names, and beside --with"
            ]
        case "INVALID_REPLICATION_FACTOR":
            replication
        case "_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH":
            [
                "another producer with its transactional id has got ready since, or transaction.timeout.ms ran out: what was open is aborted"
            ]
        case "INVALID_TRANSACTION_TIMEOUT":
            ["a broker refuses transaction.timeout.ms above transaction.max.timeout.ms, usually 15 min"]
        case "INVALID_SESSION_TIMEOUT":
            ["a real broker refuses session.timeout.ms below group.min.session.timeout.ms, usually 6 s"]
        default: AssignorHint.notes(for: error, choice: "\"assignor\" of the consume step")
        }
    }
}
