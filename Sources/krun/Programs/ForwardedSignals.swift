import Dispatch

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Passes on to a program what krun is told by signals, and obeys none of them itself: the program decides when it ends.
struct ForwardedSignals {
    private let sources: [any DispatchSourceSignal]

    /// From now on none of these signals ends krun, and none is lost: one that came before somebody listens would be, so it waits for that.
    ///
    /// - Parameter send: gets the number of each signal.
    init(to send: @escaping @Sendable (Int32) -> Void) {
        let listening = DispatchSemaphore(value: 0)
        sources = [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2].compactMap { number in
            if number == SIGHUP, EndSignals.ignoresHangup { return nil }
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                // Ctrl+C and Ctrl+\ go to all that run in the foreground of a terminal.
                if [SIGINT, SIGQUIT].contains(number), Self.isInForeground { return }
                send(number)
            }
            source.setRegistrationHandler { listening.signal() }
            source.resume()
            return source
        }
        for _ in sources { listening.wait() }
    }

    private static var isInForeground: Bool {
        let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        return tcgetpgrp(terminal) == getpgrp()
    }
}
