import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunScenario

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `krun.json`, the project's file: what holds where the command line says nothing, and the names of Kafkas.
///
/// It comes with the scenarios, so whoever wrote it is not who runs it. It chooses no Kafka, has no secrets and runs nothing, and leads to no file
/// outside of its folder.
struct ProjectFile {
    static let name = "krun.json"
    private static let valueLimit = 10_000

    /// A Kafka by its name, for `--broker`.
    struct Broker {
        let name: String
        /// `host:port`, separated by commas.
        let bootstrap: String
        /// The path of a Java-style file of client properties; nil for none.
        let config: String?
        /// The folder of the project's file, without links.
        let folder: String

        /// Where it is, and what chose it.
        var address: (bootstrap: String, chosenBy: String) { (bootstrap, "--broker \(name)") }
    }

    /// As it is told: from the working folder.
    let path: String
    var jobs: Int?
    var retry: Int?
    var failFast: Bool?
    var timeout: RunSettings.Budget?
    /// In the order of the file.
    var brokers: [Broker] = []

    /// What it says for runs, in words: `jobs 4, retry 1`; `nothing for runs` without any.
    var summary: String {
        let parts = [
            jobs.map { "jobs \($0)" }, retry.map { "retry \($0)" }, failFast.map { "failFast \($0)" },
            timeout.map { "timeout \($0.text)" },
            brokers.isEmpty ? nil : "brokers \(brokers.map(\.name).joined(separator: ", "))",
        ].compactMap(\.self)
        return parts.isEmpty ? "it says nothing" : parts.joined(separator: ", ")
    }

    /// The one of the working folder, or of the nearest folder above up to the root of its repository; nil where there is none.
    ///
    /// Where no folder above is a repository only the working folder is looked at: what is further up may be anybody's.
    /// - Throws: all that is wrong with it.
    static func find() throws(Diagnostics) -> ProjectFile? {
        guard let here else { return nil }
        return try read(here)
    }

    /// The path of the one that counts in the working folder; nil where there is none.
    static var here: String? { path(from: FileManager.default.currentDirectoryPath) }

    /// - Parameter here: the working folder.
    /// - Returns: a path from there.
    static func path(from here: String) -> String? {
        var parts = here.split(separator: "/")
        var steps = ""
        var found: String?
        while true {
            let folder = "/" + parts.joined(separator: "/")
            if found == nil, isFile("\(folder)/\(name)") { found = steps + name }
            if FileManager.default.fileExists(atPath: "\(folder)/.git") { return found }
            guard !parts.isEmpty else { break }
            parts.removeLast()
            steps += "../"
        }
        return found == name ? found : nil
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
    }

    /// - Throws: all that is wrong with it, each with its place; nothing of what stands there where a link leads to it from elsewhere.
    static func read(_ path: String) throws(Diagnostics) -> ProjectFile {
        try LinkedFile.judge(NamedInput(path), as: "project file") { () throws(Diagnostics) in
            let document = try JSONDocument.parse(
                try ScenarioFiles.read(path), file: path, valueLimit: valueLimit)
            var reader = ProjectReader(path)
            return try reader.project(document.root)
        }
    }
}

extension ProjectFile.Broker {
    /// Those with which librdkafka would run or load something.
    private static let running: Set<String> = [
        "plugin.library.paths", "sasl.kerberos.kinit.cmd", "ssl.engine.location", "ssl.providers",
    ]
    /// Refuses what the project's file may not bring about by naming a file of properties: that something runs, or that a file outside of its folder is read.
    func check(_ properties: ClientProperties) throws(Diagnostic) {
        for property in properties.all {
            let runs = Self.running.contains(property.name)
            let leadsOut = Self.isFile(property.name) && !Self.isWithin(property.value, folder)
            guard runs || leadsOut else { continue }
            let what = runs ? "runs or loads something" : "names a file outside of the project's folder"
            throw Diagnostic(
                .usage, "\(config ?? name): \(property.name) \(what)",
                notes: ["\(ProjectFile.name) cannot ask for that: --config \(config ?? "FILE") on the command line can"]
            )
        }
    }

    /// Whether the value of a property is the path of a file or a folder.
    private static func isFile(_ property: String) -> Bool {
        ["location", ".keytab", ".file"].contains { property.hasSuffix($0) }
    }

    /// Whether a path, from the working folder, leads into the folder or below it.
    static func isWithin(_ path: String, _ folder: String) -> Bool {
        ScenarioFiles.resolved(path).hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
    }
}

/// Reads a project's file, and collects what is wrong with it.
private struct ProjectReader {
    private static let fields = ["jobs", "retry", "failFast", "timeout", "brokers"]
    private static let brokerFields = ["bootstrap", "config"]

    private let path: String
    /// Of the file, as a prefix of what it names.
    private let folder: String
    private var problems: [Diagnostic] = []
    /// Members that look like secrets; nothing of them is shown but their names.
    private var secrets: [Diagnostic] = []

    init(_ path: String) {
        self.path = path
        folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    mutating func project(_ root: JSONNode) throws(Diagnostics) -> ProjectFile {
        var project = ProjectFile(path: path)
        for member in members(of: root, "a project file", Self.fields) {
            switch member.name {
            case "jobs": project.jobs = number(member, RunningOptions.jobsRange)
            case "retry": project.retry = number(member, RunningOptions.retryRange)
            case "failFast":
                project.failFast = member.value.boolean
                if project.failFast == nil { mismatch(member, "true or false") }
            case "timeout":
                if let text = member.value.string, let duration = Duration(scenarioText: text), duration > .zero {
                    project.timeout = .init(duration: duration, text: text, chosenBy: "\"timeout\" in \(path)")
                } else {
                    mismatch(member, "a duration above 0, such as \"10m\"")
                }
            case "brokers": project.brokers = brokers(member)
            default: break
            }
        }
        // An excerpt of the file would show them.
        if !secrets.isEmpty { throw Diagnostics(secrets) }
        problems.sort { ($0.place?.line ?? 0, $0.place?.column ?? 0) < ($1.place?.line ?? 0, $1.place?.column ?? 0) }
        if !problems.isEmpty { throw Diagnostics(problems) }
        return project
    }

    private mutating func brokers(_ member: JSONMember) -> [ProjectFile.Broker] {
        guard member.value.kind == .object else {
            mismatch(member, "an object of names, such as { \"staging\": { \"bootstrap\": [\"kafka:9092\"] } }")
            return []
        }
        return member.value.members.compactMap { broker($0) }
    }

    private mutating func broker(_ broker: JSONMember) -> ProjectFile.Broker? {
        let members = members(of: broker.value, "a broker", Self.brokerFields)
        let count = problems.count
        guard broker.value.kind == .object else { return nil }
        var addresses: [String] = []
        var config: String?
        for member in members {
            switch member.name {
            case "bootstrap": addresses = bootstrap(member)
            case "config": config = self.config(member)
            default: break
            }
        }
        if !members.contains(where: { $0.name == "bootstrap" }) {
            report(
                "a broker has no \"bootstrap\"", broker.value.place.firstScalar, "\"bootstrap\" is missing",
                "a list of host:port addresses")
        }
        guard problems.count == count else { return nil }
        return ProjectFile.Broker(
            name: broker.name, bootstrap: addresses.joined(separator: ","), config: config,
            folder: ScenarioFiles.resolved(folder.isEmpty ? "." : folder))
    }

    private mutating func bootstrap(_ member: JSONMember) -> [String] {
        let elements = member.value.elements
        guard !elements.isEmpty else {
            mismatch(member, "a list of host:port addresses")
            return []
        }
        return elements.compactMap { element in
            if let address = element.string, !address.contains(","),
                (try? BrokerAddressOptions.check(address, from: "")) != nil
            {
                return address
            }
            report("wrong address in \"bootstrap\"", element.place, "expected host:port")
            return nil
        }
    }

    private mutating func config(_ member: JSONMember) -> String? {
        guard let name = member.value.string, !name.isEmpty else {
            mismatch(member, "the path of a file of properties")
            return nil
        }
        let path = folder + name
        let isInside =
            !name.hasPrefix("/")
            && ProjectFile.Broker.isWithin(path, ScenarioFiles.resolved(folder.isEmpty ? "." : folder))
        guard isInside else {
            report(
                "\"config\" names a file outside of the project's folder", member.value.place, "not below it",
                "--config on the command line names any file")
            return nil
        }
        return path
    }

    // MARK: What is wrong

    /// Those that are known; the others are reported.
    private mutating func members(of node: JSONNode, _ what: String, _ known: [String]) -> [JSONMember] {
        guard node.kind == .object else {
            report("\(what) is not an object", node.place.firstScalar, "expected an object")
            return []
        }
        let free = known.filter { node[$0] == nil }
        return node.members.filter { member in
            if known.contains(member.name) { return true }
            if Self.isSecret(member.name) {
                let place = member.place
                secrets.append(
                    Diagnostic(
                        .invalid,
                        "\(path):\(place.line):\(place.column): a project file holds no secrets, and \"\(member.name)\" looks like one",
                        notes: [
                            "who can read the project would know it",
                            "a file of properties that \"config\" names can have it, and stay out of the repository",
                        ]))
            } else if let near = Spelling.nearest(to: member.name, among: free) {
                report("unknown field in \(what)", member.place, "did you mean \"\(near)\"?")
            } else {
                report("unknown field in \(what)", member.place, "", "it has: \(known.joined(separator: ", "))")
            }
            return false
        }
    }

    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ClientProperties.isSecret(name)
            || ["password", "passwd", "secret", "token", "credential", "apikey", "api_key", "api-key"].contains {
                name.contains($0)
            }
    }

    private mutating func number(_ member: JSONMember, _ range: ClosedRange<Int>) -> Int? {
        if let number = member.value.integer, let value = Int(exactly: number), range.contains(value) { return value }
        mismatch(member, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    private mutating func mismatch(_ member: JSONMember, _ expected: String) {
        report("wrong value for \"\(member.name)\"", member.value.place, "expected \(expected)")
    }

    private mutating func report(_ title: String, _ place: Place, _ label: String, _ notes: String...) {
        problems.append(Diagnostic(.invalid, title, at: place, label: label, notes: notes))
    }
}
