/// How many things happened a second.
enum Rate {
    /// Rounded; nil where nothing happened. What took no time at all took a microsecond.
    static func perSecond(_ count: Int, in duration: Duration) -> Int64? {
        guard count > 0 else { return nil }
        return Int64((Double(count) * (.seconds(1) / max(duration, .microseconds(1)))).rounded())
    }
}
