// A package that uses the library imports KrunKit only: what its calls take and return comes along.
@_exported public import KrunDiagnostics
import KrunKafka
@_exported public import KrunOutcome
import KrunRunner
@_exported public import KrunScenario
public import Logging

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Where a scenario runs when a package runs it.
public struct ScenarioBroker: Sendable {
    let choice: BrokerChoice

    /// A fresh embedded cluster, of as many brokers as the scenario asks for unless told otherwise.
    public static func embedded(brokers: Int? = nil) -> ScenarioBroker {
        ScenarioBroker(choice: BrokerChoice(.embedded(brokers: brokers), chosenBy: "embedded()"))
    }

    /// A Kafka at these bootstrap addresses, `host:port` separated by commas.
    public static func kafka(_ bootstrap: String) -> ScenarioBroker {
        ScenarioBroker(choice: BrokerChoice(.kafka(bootstrap: bootstrap), chosenBy: "kafka()"))
    }
}

extension Scenario {
    /// Reads and checks a scenario file, and the files in its folder that it names.
    ///
    /// - Throws: `Diagnostics` with everything that is wrong with it, that it cannot be read, or that it has `cases` and so is several.
    public init(contentsOf url: URL, overrides: ScenarioOverrides = .none) throws {
        self = try Scenario.decode(
            Self.bytes(of: url), file: url.path, overrides: overrides, files: FolderFiles(besideScenario: url.path))
    }

    /// Reads and checks a scenario file, which is a scenario for each of its `cases`; without them it is one.
    ///
    /// - Throws: `Diagnostics` with everything that is wrong with it, or that it cannot be read.
    public static func all(contentsOf url: URL, overrides: ScenarioOverrides = .none) throws -> [Scenario] {
        try decodeAll(
            bytes(of: url), file: url.path, overrides: overrides, files: FolderFiles(besideScenario: url.path))
    }

    private static func bytes(of url: URL) throws -> [UInt8] {
        do {
            return try [UInt8](Data(contentsOf: url))
        } catch {
            throw Diagnostics(
                Diagnostic(.invalid, "cannot read \(url.path)", notes: ["\(error)"]))
        }
    }

    /// Runs the scenario and returns what happened; it never throws, for a trouble is an outcome too.
    ///
    /// - Parameters:
    ///   - properties: librdkafka's properties for every client, such as those of a login.
    ///   - logger: gets librdkafka's log; nil for nobody.
    public func run(
        on broker: ScenarioBroker = .embedded(), properties: [String: String] = [:], logger: Logger? = nil
    ) async -> ScenarioOutcome {
        var options = RunOptions(broker: broker.choice)
        if let logger {
            options.onLogLine = { line in
                logger.log(level: Logger.Level(syslog: line.level), "\(line.facility): \(line.text)")
            }
        }
        for (name, value) in properties { options.properties[name] = value }
        return await ScenarioRunner.run(self, options: options)
    }
}

extension Logger.Level {
    /// The level of a line of librdkafka's log, whose levels are those of syslog.
    fileprivate init(syslog level: Int) {
        self =
            switch level {
            case ...2: .critical
            case 3: .error
            case 4: .warning
            case 5: .notice
            case 6: .info
            default: .debug
            }
    }
}
