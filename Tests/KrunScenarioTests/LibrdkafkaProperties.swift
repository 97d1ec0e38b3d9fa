import CRdKafka
import Foundation

/// Whether librdkafka takes that value for that property, of a client or of its topics.
func librdkafkaTakes(_ name: String, _ value: String) -> Bool {
    guard let configuration = rd_kafka_conf_new() else { return false }
    defer { rd_kafka_conf_destroy(configuration) }
    return rd_kafka_conf_set(configuration, name, value, nil, 0) == RD_KAFKA_CONF_OK
}

/// Whether this build of librdkafka lacks what a property is for.
func librdkafkaLacks(_ name: String) -> Bool {
    guard let configuration = rd_kafka_conf_new() else { return false }
    defer { rd_kafka_conf_destroy(configuration) }
    var text = [CChar](repeating: 0, count: 512)
    _ = rd_kafka_conf_set(configuration, name, "", &text, text.count)
    return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }.contains("not supported in this build")
}

/// What librdkafka says of itself: every property with a value that it takes.
func librdkafkaProperties() throws -> [String: String] {
    guard let file = tmpfile() else { throw POSIXError(.ENOENT) }
    defer { fclose(file) }
    rd_kafka_conf_properties_show(file)
    rewind(file)
    var properties: [String: String] = [:]
    var buffer = [CChar](repeating: 0, count: 1 << 16)
    while let line = fgets(&buffer, Int32(buffer.count), file).map({ String(cString: $0) }) {
        // Name, kind of client, range, default, importance, description.
        let columns = line.split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard columns.count > 4, columns[0].first?.isLowercase == true else { continue }
        let range = columns[2].replacing(" .. ", with: ", ").split(separator: ", ").first.map(String.init)
        properties[columns[0]] = range ?? columns[3]
    }
    return properties
}

/// Whether librdkafka makes a client of those properties: it looks at some only then.
func librdkafkaMakes(_ type: rd_kafka_type_t, _ properties: [String: String]) -> Bool {
    guard let configuration = rd_kafka_conf_new() else { return false }
    for (name, value) in properties {
        guard rd_kafka_conf_set(configuration, name, value, nil, 0) == RD_KAFKA_CONF_OK else {
            rd_kafka_conf_destroy(configuration)
            return false
        }
    }
    var text = [CChar](repeating: 0, count: 512)
    guard let client = rd_kafka_new(type, configuration, &text, text.count) else {
        rd_kafka_conf_destroy(configuration)
        return false
    }
    rd_kafka_destroy(client)
    return true
}
