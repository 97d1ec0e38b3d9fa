import CRdKafka

/// Whether librdkafka takes that value for that property, of a client or of its topics.
func librdkafkaTakes(_ name: String, _ value: String) -> Bool {
    guard let configuration = rd_kafka_conf_new() else { return false }
    defer { rd_kafka_conf_destroy(configuration) }
    return rd_kafka_conf_set(configuration, name, value, nil, 0) == RD_KAFKA_CONF_OK
}
