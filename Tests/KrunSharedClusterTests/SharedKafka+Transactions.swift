import CRdKafka
import KrunKafka

extension SharedKafka {
    struct TransactionTrouble: Error {
        let reason: String
    }

    /// What a transactional producer sends; each part a transaction of its own.
    struct TransactionPart {
        var values: [String]
        var partition: Int32
        var commits: Bool
    }

    /// Sends parts one after the other, and waits until each is committed or aborted.
    static func send(_ parts: [TransactionPart], inTransactionsTo topic: String) throws {
        let configuration = rd_kafka_conf_new()
        var all = properties.merging(["bootstrap.servers": addresses])
        all["transactional.id"] = freshName("tx")
        for property in all.all {
            var text = [CChar](repeating: 0, count: 512)
            guard rd_kafka_conf_set(configuration, property.name, property.value, &text, text.count) == RD_KAFKA_CONF_OK
            else {
                throw TransactionTrouble(reason: "\(property.name): \(Self.text(text))")
            }
        }
        var text = [CChar](repeating: 0, count: 512)
        guard let producer = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &text, text.count) else {
            throw TransactionTrouble(reason: Self.text(text))
        }
        defer { rd_kafka_destroy(producer) }
        try check(rd_kafka_init_transactions(producer, 60_000))
        let handle = rd_kafka_topic_new(producer, topic, nil)
        defer { rd_kafka_topic_destroy(handle) }
        for part in parts {
            try check(rd_kafka_begin_transaction(producer))
            for value in part.values {
                var bytes = Array(value.utf8)
                let result = rd_kafka_produce(
                    handle, part.partition, RD_KAFKA_MSG_F_COPY, &bytes, bytes.count, nil, 0, nil)
                guard result == 0 else { throw TransactionTrouble(reason: "\(value) was not taken") }
            }
            if part.commits {
                try check(rd_kafka_commit_transaction(producer, 60_000))
            } else {
                // Else it is purged before it was ever sent.
                rd_kafka_flush(producer, 60_000)
                try check(rd_kafka_abort_transaction(producer, 60_000))
            }
        }
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func check(_ error: OpaquePointer?) throws {
        guard let error else { return }
        defer { rd_kafka_error_destroy(error) }
        throw TransactionTrouble(reason: String(cString: rd_kafka_error_string(error)))
    }
}
