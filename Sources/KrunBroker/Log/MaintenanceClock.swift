/// When a log was last looked after; Kafka looks at intervals, not the moment that something becomes due.
struct MaintenanceClock {
    var lastRetention: Duration = .zero
    var lastCleaning: Duration = .zero
    var lastProducerExpiration: Duration = .zero

    mutating func start(_ now: Now) {
        lastRetention = now.uptime
        lastCleaning = now.uptime
        lastProducerExpiration = now.uptime
    }
}
