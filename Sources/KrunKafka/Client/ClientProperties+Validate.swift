extension ClientProperties {
    /// Asks librdkafka whether it knows every property and takes its value, without making a client.
    ///
    /// - Throws: for the first that it refuses, by its name and never with a secret value.
    public func validate() throws(KafkaError) {
        _ = try ClientConfiguration(self, activity: "reading the client properties")
    }
}
