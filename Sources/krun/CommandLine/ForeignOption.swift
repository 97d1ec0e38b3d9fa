/// An option of another tool (`kafka-topics.sh`, `kafka-console-consumer.sh`, kcat, ...), and what krun has for it.
struct ForeignOption {
    /// As they are typed there.
    let names: [String]
    /// The commands in which they mean this, or of which all commands below do; empty: in any.
    let commands: [String]
    /// What to type instead.
    let own: String
    /// Whether `own` does not begin with the option or the command that it is about.
    var isAdvice = false

    /// What to type instead of an option that a command does not take; nil where krun has nothing for it.
    ///
    /// - Parameter options: those that the command takes: none of another command is ever named.
    static func own(for option: String, path: [String], options: [String]) -> String? {
        all.first { $0.names.contains(option) && $0.applies(to: path, options) }?.own
    }

    func applies(to path: [String], _ options: [String]) -> Bool {
        let name = path.joined(separator: " ")
        guard commands.isEmpty || commands.contains(where: { name == $0 || name.hasPrefix($0 + " ") }) else {
            return false
        }
        guard !isAdvice, own.hasPrefix("-") else { return true }
        return options.contains { own == $0 || own.hasPrefix($0 + " ") }
    }

    /// The first that applies counts.
    static let all: [ForeignOption] = topics + groups + messages + running + everywhere

    private static let topics: [ForeignOption] = [
        .init(names: ["--list", "-L"], commands: ["topics", "run"], own: "krun topics list"),
        .init(names: ["--create"], commands: ["topics", "run"], own: "krun topics create NAME"),
        .init(names: ["--describe"], commands: ["topics"], own: "krun topics describe NAME"),
        .init(names: ["--delete"], commands: ["topics"], own: "krun topics delete NAME"),
        .init(names: ["--alter"], commands: ["topics", "run"], own: "krun topics add-partitions NAME --to TOTAL"),
        .init(names: ["--topic", "-t"], commands: ["topics"], own: "krun topics describe NAME"),
        .init(names: ["--replicas", "-r"], commands: ["topics create"], own: "--replication-factor NUMBER"),
        .init(names: ["--partition", "-p"], commands: ["topics create"], own: "--partitions NUMBER"),
        .init(names: ["-c"], commands: ["topics create"], own: "--topic-config NAME=VALUE"),
        .init(names: ["--partitions", "-p"], commands: ["topics add-partitions"], own: "--to TOTAL"),
        .init(
            names: ["--exclude-internal"], commands: ["topics list"], own: "what it does without --internal",
            isAdvice: true),
        .init(
            names: ["--partitions", "--replication-factor", "-t"], commands: ["broker"],
            own: "--topic NAME:PARTITIONS:REPLICAS"),
        .init(names: ["--listeners", "--listener", "--address"], commands: ["broker"], own: "--host ADDRESS"),
        .init(names: ["--advertised-listeners"], commands: ["broker"], own: "--advertised-host ADDRESS"),
        .init(names: ["--config", "-X"], commands: ["broker"], own: "--override NAME=VALUE"),
    ]

    private static let groups: [ForeignOption] = [
        .init(names: ["--list"], commands: ["groups"], own: "krun groups list"),
        .init(names: ["--delete"], commands: ["groups"], own: "krun groups delete GROUP"),
        .init(names: ["--describe", "--members", "--state"], commands: ["groups"], own: "krun groups describe GROUP"),
        .init(names: ["--reset-offsets"], commands: ["groups", "run"], own: "krun groups reset GROUP --to earliest"),
        .init(names: ["--group", "-g"], commands: ["groups"], own: "krun groups describe GROUP"),
        .init(names: ["--all-groups"], commands: ["groups"], own: "krun groups list"),
        .init(
            names: ["--all-topics"], commands: ["groups reset"], own: "what it does without --topic", isAdvice: true),
        .init(names: ["--to-earliest"], commands: ["groups reset"], own: "--to earliest"),
        .init(names: ["--to-latest"], commands: ["groups reset"], own: "--to latest"),
        .init(names: ["--to-offset"], commands: ["groups reset"], own: "--to OFFSET"),
        .init(names: ["--to-datetime"], commands: ["groups reset"], own: "--to 2026-01-31T08:00:00Z"),
        .init(names: ["--shift-by"], commands: ["groups reset"], own: "--by OFFSETS"),
        .init(
            names: ["--dry-run"], commands: ["groups", "topics"], own: "what it does without --yes", isAdvice: true),
        .init(names: ["--execute", "--force", "-y", "-f"], commands: ["groups", "topics", "clean"], own: "--yes"),
    ]

    private static let messages: [ForeignOption] = [
        .init(names: ["--offset", "-o"], commands: ["consume", "record"], own: "--from WHERE"),
        .init(names: ["-c", "-n"], commands: ["consume"], own: "--count NUMBER"),
        .init(names: ["--count", "-c"], commands: ["record"], own: "--limit NUMBER"),
        .init(names: ["--exit", "--timeout-ms"], commands: ["consume"], own: "--exit-at-end"),
        .init(names: ["-e", "--exit-at-end"], commands: ["record"], own: "what it does in any case", isAdvice: true),
        .init(names: ["-J", "--json"], commands: ["consume", "produce"], own: "--output json"),
        .init(
            names: ["--property", "--formatter", "--formatter-property", "--format", "-f"], commands: ["consume"],
            own: "--output FORMAT"),
        .init(names: ["--isolation-level"], commands: ["consume"], own: "-X isolation.level=read_committed"),
        .init(names: ["--include", "--whitelist", "--topics"], commands: ["consume", "record"], own: "--topic NAME"),
        .init(names: ["-p"], commands: ["consume", "produce", "groups reset"], own: "--partition NUMBER"),
        .init(
            names: ["--property", "--line-reader", "--reader-property"], commands: ["produce"],
            own: "--key-separator TEXT"),
        .init(names: ["--key", "-k"], commands: ["produce"], own: "a message KEY:VALUE", isAdvice: true),
        .init(names: ["--message", "--value"], commands: ["produce"], own: "krun produce MESSAGE"),
        .init(
            names: ["--compression-codec", "--compression-type", "--compression", "-z"], commands: ["produce"],
            own: "-X compression.type=gzip"),
        .init(names: ["--request-required-acks", "--acks"], commands: ["produce"], own: "-X acks=all"),
        .init(names: ["-H", "--headers"], commands: ["produce"], own: "--header NAME=VALUE"),
        .init(names: ["-Z"], commands: ["produce"], own: "--tombstones"),
        .init(names: ["--num-records", "-c", "-n"], commands: ["produce"], own: "--count NUMBER"),
        .init(names: ["--throughput"], commands: ["produce"], own: "--rate NUMBER"),
    ]

    private static let running: [ForeignOption] = [
        .init(names: ["-k", "--key"], commands: ["partition"], own: "krun partition KEY -n NUMBER"),
        .init(names: ["-p", "--partition"], commands: ["partition"], own: "-n NUMBER"),
        .init(names: ["-f", "--overwrite"], commands: ["new"], own: "--force"),
        .init(names: ["-l", "--list", "-d", "--diff", "--dry-run"], commands: ["fmt"], own: "--check"),
        .init(
            names: ["-w", "--write", "-i", "--in-place"], commands: ["fmt"], own: "what it does without --check",
            isAdvice: true),
        .init(names: ["--json", "--output", "-o"], commands: ["check"], own: "--report json=FILE"),
        .init(names: ["-u", "--update", "--update-snapshots"], commands: ["run"], own: "--accept"),
        .init(names: ["-C", "--consume", "--consumer", "-G"], commands: ["run"], own: "krun consume"),
        .init(names: ["-P", "--produce", "--producer"], commands: ["run"], own: "krun produce"),
        .init(names: ["--topic", "--group", "--from-beginning"], commands: ["run"], own: "krun consume"),
        .init(names: ["--dry-run", "--check"], commands: ["run"], own: "krun check"),
        .init(names: ["--parallel", "--workers", "-j", "-n"], commands: ["run", "watch"], own: "--jobs NUMBER"),
        .init(names: ["--exitfirst", "--bail", "-x"], commands: ["run", "watch"], own: "--fail-fast"),
        .init(names: ["--grep", "--filter", "-k"], commands: ["run", "watch"], own: "--name PATTERN"),
        .init(names: ["--lf", "--only-failures"], commands: ["run"], own: "--last-failed"),
        .init(names: ["--retries", "--reruns"], commands: ["run"], own: "--retry NUMBER"),
        .init(names: ["--repeat-each", "--count"], commands: ["run"], own: "--repeat NUMBER"),
        .init(names: ["--watch", "-w"], commands: ["run"], own: "krun watch FILE"),
        .init(names: ["--json", "--output", "-o"], commands: ["run"], own: "--report json=FILE"),
        .init(
            names: ["--junit", "--junitxml", "--junit-xml", "--xunit", "--reporter", "--format"], commands: ["run"],
            own: "--report junit=FILE"),
        .init(names: ["--report", "-r"], commands: ["report"], own: "--to FORMAT=FILE"),
        .init(names: ["-e", "-D", "--env", "--set", "--define"], commands: [], own: "--variable NAME=VALUE"),
    ]

    private static let everywhere: [ForeignOption] = [
        .init(
            names: ["--bootstrap-servers", "--broker-list", "--bootstrap", "--zookeeper"],
            commands: ["run", "produce", "consume", "topics", "groups", "record", "clean"],
            own: "--brokers HOST:PORT"),
        .init(
            names: [
                "--command-config", "--consumer-config", "--consumer.config", "--producer-config", "--producer.config",
                "-F",
            ], commands: [], own: "--config FILE"),
        .init(
            names: ["--consumer-property", "--producer-property", "--command-property", "--property"], commands: [],
            own: "-X NAME=VALUE"),
        .init(names: ["-g", "-G", "--group-id", "--consumer-group"], commands: [], own: "--group NAME"),
        .init(names: ["-d", "--debug"], commands: [], own: "-X debug=NAMES"),
        .init(names: ["--no-color", "--no-colour"], commands: [], own: "--color never"),
        .init(names: ["-V"], commands: [], own: "krun --version"),
    ]
}
