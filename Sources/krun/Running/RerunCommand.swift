import KrunOutcome

/// The command line that has one run of one scenario again.
struct RerunCommand {
    /// Words of this command line that hold for every scenario, as they were typed; no secrets, and nothing that may be one.
    let words: [String]

    init(broker: BrokerOptions, variables: VariableOptions, running: RunningOptions) {
        var words: [String] = []
        if let count = broker.embeddedBrokers {
            words += ["--embedded", String(count)]
        } else if let name = broker.named.name {
            words += ["--broker", name]
        } else if let brokers = broker.address.brokers {
            words += ["--brokers", brokers]
        }
        if let config = broker.client.config { words += ["--config", config] }
        for variable in variables.variables { words += ["--variable", variable] }
        if let file = variables.variablesFile { words += ["--variables-file", file] }
        if let file = variables.secretsFile { words += ["--secrets-file", file] }
        for name in variables.allowedEnvironment { words += ["--allow-env", name] }
        if running.exactNames { words.append("--exact-names") }
        self.words = words
    }

    /// - Parameters:
    ///   - name: what to tell the scenario from others of its file by; nil where it is the only one.
    func text(file: String, name: String?, seed: UInt64?) -> String {
        // What begins with a dash would be an option.
        var all = ["krun", file.hasPrefix("-") ? "./\(file)" : file]
        if let name { all += ["--name", name] }
        if let seed { all += ["--seed", String(seed)] }
        return (all + words).map { OldSpelling.quoted($0) }.joined(separator: " ")
    }
}
