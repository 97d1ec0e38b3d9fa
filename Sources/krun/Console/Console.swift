import KrunDiagnostics

#if canImport(Darwin)
    import Darwin
#else
    @preconcurrency import Glibc
#endif

/// The terminal or pipe that krun talks to: results on stdout, everything else on stderr.
enum Console {
    /// Whether `--color` and the environment ask for colour; `auto` decides by stream.
    enum ColorChoice: String, CaseIterable, Sendable {
        case auto, always, never
    }

    /// To be called once, before anything is written.
    static func prepare() {
        // A reader that goes away must not end the run before it has deleted what it made.
        signal(SIGPIPE, SIG_IGN)
        // Otherwise a pipe holds results back in blocks.
        setvbuf(stdout, nil, _IOLBF, 0)
    }

    static func style(of stream: Stream, _ choice: ColorChoice = .auto) -> TextStyle {
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
        fputs(text, stdout)
        fflush(stdout)
    }

    static func writeError(_ text: String) {
        fflush(stdout)
        fputs(text, stderr)
    }

    static func write(_ text: String, to stream: Stream) {
        switch stream {
        case .output: writeOutput(text)
        case .error: writeError(text)
        }
    }

    static func printError(_ diagnostic: Diagnostic, _ choice: ColorChoice = .auto) {
        writeError(DiagnosticText(style: style(of: .error, choice)).text(diagnostic) + "\n")
    }

    static func isTerminal(_ stream: Stream) -> Bool {
        isatty(stream.rawValue) == 1 && environment("TERM") != "dumb"
    }

    /// The columns of the terminal on stderr; 80 where it does not say.
    static var width: Int {
        var size = winsize()
        guard ioctl(Stream.error.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// nil when the variable is not set.
    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    static func exit(_ code: Int32) -> Never {
        fflush(stdout)
        #if canImport(Darwin)
            Darwin.exit(code)
        #else
            Glibc.exit(code)
        #endif
    }
}
