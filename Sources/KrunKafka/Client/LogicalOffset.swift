/// librdkafka's offsets that are not numbers of records; all are negative.
public enum LogicalOffset {
    /// The first record that is still there.
    public static let beginning: Int64 = -2
    /// Behind the last record.
    public static let end: Int64 = -1
    /// What the group committed, or else what `auto.offset.reset` says.
    public static let stored: Int64 = -1000
    /// Not known.
    public static let unknown: Int64 = -1001
}
