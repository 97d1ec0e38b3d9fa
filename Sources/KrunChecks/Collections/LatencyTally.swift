import Histogram
import KrunOutcome

/// Counts durations in a histogram whose memory does not grow: two significant digits from a microsecond to a day.
struct LatencyTally: Sendable {
    private static let day: UInt64 = 86_400_000_000

    private var histogram = Histogram<UInt32>(highestTrackableValue: day, numberOfSignificantValueDigits: .two)
    /// Those that came last and are as good as equal: they are counted in one go.
    private var run: (value: UInt64, count: UInt32) = (0, 0)

    /// Longer ones count as a day, negative ones, which clocks that differ make, as nothing.
    @inline(__always)
    mutating func add(microseconds: Int64) {
        let value = min(UInt64(max(0, microseconds)), Self.day)
        let grain = max(0, 55 - value.leadingZeroBitCount)
        if value >> grain == run.value >> grain, run.count < .max {
            run.count += 1
        } else {
            begin(value)
        }
    }

    private mutating func begin(_ value: UInt64) {
        if run.count > 0 { histogram.record(run.value, count: run.count) }
        run = (value, 1)
    }

    /// nil where nothing was counted.
    var outcome: LatencyOutcome? {
        var all = self
        all.begin(0)
        let histogram = all.histogram
        guard histogram.totalCount > 0 else { return nil }
        func percentile(_ percentile: Double) -> Duration {
            .microseconds(Int64(histogram.valueAtPercentile(percentile)))
        }
        return LatencyOutcome(
            p50: percentile(50), p95: percentile(95), p99: percentile(99), max: percentile(100))
    }
}
