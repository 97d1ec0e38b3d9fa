internal import CKrunShims
internal import CRdKafka

/// The librdkafka that this process runs with.
public enum KafkaLibrary {
    /// Such as `2.0.2`.
    public static var version: String { String(cString: rd_kafka_version_str()) }

    /// Major, minor and revision, such as `[2, 0, 2]`.
    public static var versionNumbers: [Int] {
        let number = Int(rd_kafka_version())
        return [number >> 24 & 0xff, number >> 16 & 0xff, number >> 8 & 0xff]
    }

    /// Gives back to the system what closed clients held: each of their threads had an arena of its own, and those of the
    /// next clients would come on top.
    public static func giveBackFreedMemory() {
        krun_give_back_memory()
    }
}
