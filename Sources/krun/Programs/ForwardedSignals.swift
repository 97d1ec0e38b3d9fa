#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Passes on to a program what krun is told by signals, and obeys none of them itself: the program decides when it ends.
struct ForwardedSignals {
    private let signals: HeardSignals

    /// From now on none of these signals ends krun, and none is lost.
    ///
    /// - Parameter send: gets the number of each signal.
    init(to send: @escaping @Sendable (Int32) -> Void) {
        signals = HeardSignals([SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2]) { number in
            // Ctrl+C and Ctrl+\ go to all that run in the foreground of a terminal.
            if [SIGINT, SIGQUIT].contains(number), Self.isInForeground { return }
            send(number)
        }
    }

    private static var isInForeground: Bool {
        let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        return tcgetpgrp(terminal) == getpgrp()
    }
}
