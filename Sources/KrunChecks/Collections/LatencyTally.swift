import Histogram
import KrunOutcome

/// Counts durations in a histogram whose memory does not grow: two significant digits from a microsecond to a day.
struct LatencyTally: Sendable {
    private static let day: UInt64 = 86_400_000_000

    private var histogram = Histogram<UInt32>(highestTrackableValue: day, numberOfSignificantValueDigits: .two)

    /// Longer ones count as a day, negative ones, which clocks that differ make, as nothing.
    @inline(__always)
    mutating func add(microseconds: Int64) {
        histogram.record(min(UInt64(max(0, microseconds)), Self.day))
    }

    /// nil where nothing was counted.
    var outcome: LatencyOutcome? {
        guard histogram.totalCount > 0 else { return nil }
        func percentile(_ percentile: Double) -> Duration {
            .microseconds(Int64(histogram.valueAtPercentile(percentile)))
        }
        return LatencyOutcome(
            p50: percentile(50), p95: percentile(95), p99: percentile(99), max: percentile(100))
    }
}
