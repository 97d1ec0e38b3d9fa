internal import KrunWire
internal import NIOCore

extension ClusterCore {
    /// How often logs are looked after. Kafka does it every 15 s (compaction) or 5 minutes (retention); here a test waits for it.
    private static let maintenanceInterval = TimeAmount.milliseconds(250)

    /// Has retention, rolling and compaction done in every log whenever they are due.
    func scheduleMaintenance() {
        let bound = NIOLoopBound(WeakCore(core: self), eventLoop: loop)
        maintenance = loop.scheduleRepeatedTask(
            initialDelay: Self.maintenanceInterval, delay: Self.maintenanceInterval
        ) { _ in
            guard let core = bound.value.core else { return }
            core.maintainLogs(now: core.now)
            core.rebalanceLeaders(now: core.now)
            // Those that found no memory; for want of a leader they are tried when there is one.
            core.writePendingMarkers(now: core.now)
            core.finishTouchedFetches()
        }
    }

    private func maintainLogs(now: Now) {
        for topic in topics.values {
            for partition in topic.partitions {
                if partition.log.maintain(now: now).deletedSegments { touch(partition) }
            }
        }
    }
}

/// The cluster, for tasks that must not keep it alive.
struct WeakCore {
    weak var core: ClusterCore?
}
