import KrunConnection

extension KafkaConnection {
    /// Brokers that the cluster names and that cannot be reached; worth asking only when something does not answer.
    var unreachableBrokers: [UnreachableBroker] {
        UnreachableBroker.all(of: brokers, bootstrap: address.bootstrap, log: log)
    }
}
