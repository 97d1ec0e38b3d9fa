import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunTools

/// `--watch`: what a command tells is told again and again, until Ctrl+C.
struct WatchingOptions: ParsableArguments {
    @Flag(help: "Tell it again and again until Ctrl+C: on a terminal in the same place, elsewhere behind each other.")
    var watch = false

    @Option(
        help: ArgumentHelp(
            "With --watch: how long to wait in between, such as 500ms or 10s. (default: 2s)", valueName: "duration")
    )
    var interval: DurationArgument?

    func validate() throws {
        if interval != nil, !watch { throw ValidationError("--interval is about --watch.") }
        if let interval, interval.duration < .milliseconds(100) {
            throw ValidationError("--interval takes 100ms or more, not \(interval.text).")
        }
    }

    /// Writes what `read` finds: once, or until somebody wants the end.
    ///
    /// - Throws: what keeps the first look from its end, and the exit code of the last one.
    func write(
        _ result: ResultOptions, _ kafka: AdministrationOptions, read: (KafkaConnection) throws -> some CommandResult
    ) throws {
        guard watch else { return try result.write(try read(try kafka.administration())) }
        let interruption = Interruption()
        let signals = InterruptionSignals(interruption, saying: nil)
        defer { withExtendedLifetime(signals) {} }
        var display = WatchedResult(
            result, interval: interval ?? DurationArgument(.seconds(2), "2s"))
        var code = ExitCodes.held
        do {
            let connection = try kafka.administration(interruption)
            while !interruption.isRequested, !Console.isReaderGone(.output) {
                code = try look(connection, &display, result, read)
                interruption.sleep(display.interval.duration)
            }
        } catch is Interrupted {}
        throw ExitCode(code)
    }

    /// - Returns: the exit code that this look alone would have.
    private func look(
        _ connection: KafkaConnection, _ display: inout WatchedResult, _ result: ResultOptions,
        _ read: (KafkaConnection) throws -> some CommandResult
    ) throws -> Int32 {
        do {
            let found = try read(connection)
            display.show(found)
            return ExitCodes.code(forRemarks: found.remarks)
        } catch is Interrupted {
            throw Interrupted()
        } catch {
            // What was there once may be there again.
            guard display.hasShown else { throw error }
            let problems = (error as? Diagnostics)?.all ?? [error as? Diagnostic].compactMap { $0 }
            guard !problems.isEmpty else { throw error }
            for problem in problems { Console.printError(problem, result.color.choice) }
            display.leave()
            return problems.map { ExitCodes.code(for: $0.kind) }.min() ?? ExitCodes.runtime
        }
    }
}

/// Results that are shown one after the other: on a terminal each in the place of the one before.
struct WatchedResult {
    let interval: DurationArgument
    /// Whether there was one.
    private(set) var hasShown = false
    private let result: ResultOptions
    private let isRedrawn: Bool
    /// How many lines of the terminal the last one takes; 0 where nothing is to be taken away.
    private var rows = 0

    init(_ result: ResultOptions, interval: DurationArgument) {
        self.result = result
        self.interval = interval
        isRedrawn = result.output == .pretty && Console.isTerminal(.output)
    }

    /// Shows it: as a line of JSON, or as a block with the time above it.
    mutating func show(_ found: some CommandResult) {
        let time = TimestampText.text(milliseconds: WallClock.millisecondsSince1970())
        defer { hasShown = true }
        guard result.output == .pretty else {
            Console.writeOutput(Self.line(found.json, at: time) + "\n")
            return result.printRemarks(found)
        }
        guard isRedrawn else {
            Console.writeOutput(
                (hasShown ? "\n" : "") + "\(time)\n" + found.text(Console.style(of: .output, result.color.choice)))
            return result.printRemarks(found)
        }
        let title = "\(time), every \(interval.text); Ctrl+C ends it"
        let width = Console.width(of: .output)
        func text(_ style: TextStyle) -> String {
            let remarks = found.remarks.map { DiagnosticText(style: style, width: width).text($0) + "\n" }
            return "\(style.dim(title))\n\(found.text(style))\(remarks.joined())"
        }
        // Line by line from the last one, as there is nothing below it.
        let back = rows == 0 ? "" : "\u{1B}[\(rows)A\u{1B}[J"
        Console.writeOutput(back + text(Console.style(of: .output, result.color.choice)))
        rows = Self.rows(of: text(.plain), width: width)
    }

    /// What is shown stays where it is: something else stands below it.
    mutating func leave() { rows = 0 }

    /// One object on one line, with the time before what else it has.
    static func line(_ json: JSONValue, at time: String) -> String {
        guard case .object(let members) = json else { return json.text(pretty: false) }
        return JSONValue.object([JSONValue.Member("time", .string(time))] + members).text(pretty: false)
    }

    /// How many lines of a terminal a text takes, each of whose lines has an end.
    ///
    /// - Parameter width: of the terminal; nil where it does not say.
    static func rows(of text: String, width: Int?) -> Int {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().reduce(0) { rows, line in
            guard let width, width > 0 else { return rows + 1 }
            return rows + max(1, (TerminalText.cells(String(line)) + width - 1) / width)
        }
    }
}
