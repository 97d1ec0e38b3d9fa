public import KrunConnection
public import KrunKafka
public import KrunOutcome
import KrunScenario
import KrunSecrets

/// Where scenarios run, and what chose it.
public struct BrokerChoice: Sendable {
    public enum Target: Sendable {
        /// A fresh embedded cluster per scenario; nil brokers: as many as the scenario asks for.
        case embedded(brokers: Int?)
        /// A cluster in this process that outlives the run.
        case standing(StandingCluster)
        /// A Kafka at these bootstrap addresses, `host:port` separated by commas.
        case kafka(bootstrap: String)
    }

    public let target: Target
    /// Such as `--brokers`, `KRUN_BROKERS`, `--embedded` or `default`.
    public let chosenBy: String

    public init(_ target: Target, chosenBy: String) {
        self.target = target
        self.chosenBy = chosenBy
    }

    public var isEmbedded: Bool {
        if case .kafka = target { false } else { true }
    }
}

/// What the command line (or a library's caller) decides about a run.
public struct RunOptions: Sendable {
    public var broker: BrokerChoice
    /// Properties for every client, from `-X` and `--config`; they win over the scenario's.
    public var properties: ClientProperties
    /// Use topic and group names as the file has them, without a suffix.
    public var exactNames: Bool
    /// Leave what the run made on the broker.
    public var keep: Bool
    /// How many bytes of keys, values and headers the scenario may send; a step that would send more ends with an error.
    public var maximumBytes: Int64 = Scenario.usualMaximumBytes
    /// The seed, whatever the scenario says; nil for the scenario's.
    public var seed: UInt64?
    /// The seed of a scenario that says none; nil to draw one.
    public var usualSeed: UInt64?
    /// Which of the scenario's own steps are run; the others are passed over.
    public var steps = StepRange.all
    /// Called with each line that librdkafka logs, on its threads; nil to hear nothing.
    public var onLogLine: (@Sendable (ClientLog.Line) -> Void)?
    /// Called with a few words whenever something new begins, such as `step 2 of 3: consume orders as billing`; nil to
    /// hear nothing.
    public var onProgress: (@Sendable (String) -> Void)?
    /// Called when the Kafka answers no more, and when it does again, on a thread of its own; nil to hear nothing.
    public var onNotice: (@Sendable (ClusterNotice) -> Void)?
    /// Called with each thing that happens, when it does, on whatever thread it happens on, one after the other; nil to hear nothing, which costs
    /// nothing. What happens waits for it.
    public var onEvent: (@Sendable (RunEvent) -> Void)?
    /// What runs beside the steps of each scenario; nil for nothing.
    public var companion: (any Companion)?
    /// Shows what the run waits for; nil where nobody looks.
    public var waits: WaitBoard?

    public init(
        broker: BrokerChoice, properties: ClientProperties = ClientProperties(), exactNames: Bool = false,
        keep: Bool = false, onLogLine: (@Sendable (ClientLog.Line) -> Void)? = nil
    ) {
        self.broker = broker
        self.properties = properties
        self.exactNames = exactNames
        self.keep = keep
        self.onLogLine = onLogLine
    }
}

extension RunOptions {
    /// The same, with nothing of any secret in what is told while it runs; librdkafka's log hides them itself.
    func masked(by secrets: Secrets) -> RunOptions {
        if secrets.isEmpty { return self }
        var masked = self
        if let onProgress { masked.onProgress = { onProgress(secrets.masked($0)) } }
        if let onNotice {
            masked.onNotice = { onNotice(ClusterNotice(isSilent: $0.isSilent, text: secrets.masked($0.text))) }
        }
        if let onEvent { masked.onEvent = { onEvent($0.masked(by: secrets)) } }
        return masked
    }
}
