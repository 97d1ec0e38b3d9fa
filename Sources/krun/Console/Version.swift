import KrunKafka

enum Version {
    static let krun = "0.1.0"
    static var librdkafka: String { KafkaLibrary.version }
}
