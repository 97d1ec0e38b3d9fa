import ArgumentParser
internal import CKrunShims
import KrunDiagnostics
import KrunKafka
import KrunSecrets
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The terminal or pipe that krun talks to: results on stdout, everything else on stderr.
enum Console {
    /// Whether `--color` and the environment ask for colour; `auto` decides by stream.
    enum ColorChoice: String, CaseIterable, Sendable {
        case auto, always, never

        /// The last `--color` before a `--` counts, as with the parser; `auto` without any that says something.
        init(arguments: [String]) {
            let arguments = arguments.prefix { $0 != "--" }
            self = .auto
            for (argument, next) in zip(arguments, arguments.dropFirst() + [""]) {
                let value = argument == "--color" ? next : String(argument.trimmingPrefix("--color="))
                if argument.hasPrefix("--color"), let choice = ColorChoice(rawValue: value) { self = choice }
            }
        }
    }

    /// To be called once, before anything is written.
    static func prepare() {
        _ = InheritedDescriptors.all
        krun_end_at_once_when_it_crashes()
        // Swift looks for the arguments beside the environment, which may be moved by what follows.
        _ = CommandLine.arguments
        krun_begin_as_linked()
        // A reader that goes away must not end the run before it has deleted what it made.
        signal(SIGPIPE, SIG_IGN)
        // Where a standard stream is closed, the next file that is opened would be taken for it.
        while true {
            let descriptor = open("/dev/null", O_RDWR)
            guard (0...2).contains(descriptor) else {
                if descriptor > 2 { close(descriptor) }
                break
            }
        }
    }

    /// What the command line asks for, also one that cannot be parsed: what is said of that has its colours too.
    static let commandLineColor = ColorChoice(arguments: CommandLine.arguments)

    /// - Parameter choice: that of the command line, unless there is another.
    static func style(of stream: Stream, _ choice: ColorChoice = commandLineColor) -> TextStyle {
        switch choice {
        case .always: .colour
        case .never: .plain
        case .auto:
            isatty(stream.rawValue) == 1 && (environment("NO_COLOR") ?? "").isEmpty
                && environment("TERM") != "dumb" ? .colour : .plain
        }
    }

    enum Stream: Int32 {
        case output = 1
        case error = 2
    }

    static func writeOutput(_ text: String) {
        write(text, to: .output)
    }

    static func writeError(_ text: String) {
        write(text, to: .error)
    }

    /// What no text shows from now on.
    static func hide(_ secrets: Secrets) {
        hidden.withLock { $0 = $0.union(secrets) }
    }

    private static let hidden = Mutex(Secrets.none)

    /// Without what is hidden, where a text has some of it that was not hidden where it was made.
    static func masked(_ text: String) -> String {
        hidden.withLock { $0 }.masked(text)
    }

    /// Text for programs, in whose values secrets are hidden already; in its signs and words nothing may change.
    static func writeDocument(_ text: String) {
        writeUnmasked(text, to: .output)
    }

    /// As `writeDocument`, for a report that must be whole.
    ///
    /// - Returns: why not all of it was written, which is then nobody else's to say; nil where it was, or is no longer wanted.
    static func writeReport(_ text: String) -> String? {
        let before = outputProblem.load(ordering: .relaxed)
        var text = text
        let isWritten = text.withUTF8 { write(UnsafeRawBufferPointer($0), to: .output) }
        if isWritten || hasGivenUp { return nil }
        let problem = outputProblem.exchange(before, ordering: .relaxed)
        return String(cString: strerror(problem != before ? problem : EPIPE))
    }

    /// Waits for a reader who is slow; after `hurry()` only for a second, and then gives the stream up.
    static func write(_ text: String, to stream: Stream) {
        writeUnmasked(masked(text), to: stream)
    }

    private static func writeUnmasked(_ text: String, to stream: Stream) {
        var text = text
        _ = text.withUTF8 { write(UnsafeRawBufferPointer($0), to: stream) }
    }

    /// As `write`; false when nobody reads stdout any more.
    static func writeOutput(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { write($0, to: .output) }
    }

    /// For much at a time: a pipe takes it in a few portions instead of many.
    private static let bulkOutput = Descriptor.withoutBlocking(Stream.output.rawValue)

    private static func write(_ bytes: UnsafeRawBufferPointer, to stream: Stream) -> Bool {
        TerminalArea.making { writeNow(bytes, to: stream) }
    }

    private static func writeNow(_ bytes: UnsafeRawBufferPointer, to stream: Stream) -> Bool {
        guard !isGivenUp(stream) else { return false }
        var patience = 10
        let bulk = stream == .output && bytes.count > Int(PIPE_BUF) ? bulkOutput : nil
        let problem = Descriptor.write(
            bytes, to: bulk ?? stream.rawValue, portion: bulk == nil ? Int(PIPE_BUF) : bytes.count
        ) {
            if isHurried.load(ordering: .relaxed) { patience -= 1 }
            return patience > 0 && !isGivenUp(stream)
        }
        if problem == ETIMEDOUT {
            giveUp(stream)
        } else if let problem, problem != EPIPE, stream == .output {
            // A reader that went away has seen what it wanted; a full disk has not.
            outputProblem.store(problem, ordering: .relaxed)
        }
        return problem == nil
    }

    /// Whether it is a pipe whose reader has gone away.
    static func isReaderGone(_ stream: Stream) -> Bool {
        var request = pollfd(fd: stream.rawValue, events: 0, revents: 0)
        return poll(&request, 1, 0) == 1 && request.revents & Int16(POLLERR) != 0
    }

    /// Writes to stderr what has room there at once, and nothing otherwise: for who must not wait.
    static func tell(_ text: String) {
        _ = Descriptor.write(text, to: Stream.error.rawValue, patience: 0) { false }
    }

    /// From now on a reader who does not read is not waited for: somebody wants the run to end.
    static func hurry() {
        isHurried.store(true, ordering: .relaxed)
    }

    /// Whether something was not written because nobody read it.
    static var hasGivenUp: Bool {
        outputIsGivenUp.load(ordering: .relaxed) || errorIsGivenUp.load(ordering: .relaxed)
    }

    private static let outputProblem = Atomic<Int32>(0)
    private static let isHurried = Atomic(false)
    private static let outputIsGivenUp = Atomic(false)
    private static let errorIsGivenUp = Atomic(false)

    private static func isGivenUp(_ stream: Stream) -> Bool {
        switch stream {
        case .output: outputIsGivenUp.load(ordering: .relaxed)
        case .error: errorIsGivenUp.load(ordering: .relaxed)
        }
    }

    private static func giveUp(_ stream: Stream) {
        switch stream {
        case .output: outputIsGivenUp.store(true, ordering: .relaxed)
        case .error: errorIsGivenUp.store(true, ordering: .relaxed)
        }
    }

    static func printError(_ diagnostic: Diagnostic, _ choice: ColorChoice = commandLineColor) {
        writeError(DiagnosticText(style: style(of: .error, choice), width: width(of: .error)).text(diagnostic) + "\n")
    }

    /// Whether a terminal shows what is written, however little it can do.
    static func isSeen(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

    /// Whether a terminal shows what is written, and can erase a line of it.
    static func isTerminal(_ stream: Stream) -> Bool {
        isSeen(stream) && environment("TERM") != "dumb"
    }

    /// The columns of the terminal on stderr; 80 where it does not say.
    static var width: Int { width(of: .error) ?? 80 }

    /// The columns of the terminal that a stream is; nil where it is none, or does not say.
    static func width(of stream: Stream) -> Int? {
        size(of: stream).flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil }
    }

    /// The lines of the terminal on stderr; 24 where it does not say.
    static var height: Int { size(of: .error).flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } ?? 24 }

    private static func size(of stream: Stream) -> winsize? {
        var size = winsize()
        return ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
    }

    /// nil when the variable is not set.
    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    static func exit(_ code: Int32) -> Never {
        TerminalArea.draw([])
        var code = code
        let problem = outputProblem.load(ordering: .relaxed)
        if problem != 0 {
            writeError("error: cannot write the results to stdout: \(String(cString: strerror(problem)))\n")
            if code == ExitCodes.held { code = ExitCodes.runtime }
        }
        // What the process does on its way out, such as to unload OpenSSL, must not come under threads that still run.
        if KafkaLibrary.hasClientsLeft { _exit(code) }
        #if canImport(Darwin)
            Darwin.exit(code)
        #else
            Glibc.exit(code)
        #endif
    }
}

/// librdkafka's log on stderr, made safe, for it repeats what brokers say, and marked so that it cannot be taken for krun's own words.
enum LogLines {
    static func write(_ line: String) {
        Console.writeError("** \(TerminalText.safe(line))\n")
    }

    @Sendable static func write(_ line: ClientLog.Line) {
        write("\(line.facility): \(line.text)")
    }
}

struct ColorOptions: ParsableArguments {
    @Option(
        name: .customLong("color"),
        help: ArgumentHelp(
            "Colour: auto (on a terminal, unless NO_COLOR is set), always or never.", valueName: "when"))
    var choice: Console.ColorChoice = .auto
}

extension Console.ColorChoice: ExpressibleByArgument {}
