internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Why a cluster does not start, or does not do what it was asked to; one sentence that names the thing.
public struct ClusterError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    /// What may help; nil if there is nothing to say.
    public let hint: String?
    /// Whether an option has a value that no machine could start a cluster with.
    public let isBadOption: Bool

    init(_ description: String, hint: String? = nil, isBadOption: Bool = false) {
        self.description = description
        self.hint = hint
        self.isBadOption = isBadOption
    }

    init(starting options: ClusterOptions, _ error: any Error) {
        if let known = error as? ClusterError {
            self = known
            return
        }
        let ports =
            options.port == 0
            ? "on \(options.host)"
            : options.brokers == 1
                ? "on \(options.host):\(options.port)"
                : "on \(options.host):\(options.port) to \(options.port + options.brokers - 1)"
        self.init(listening: ports, error)
    }

    /// - Parameter ports: where the broker was to listen, with its preposition.
    init(listening ports: String, _ error: any Error) {
        if error is SocketAddressError.UnknownHost {
            self.init("the broker cannot listen \(ports): no such host")
            return
        }
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            self.init(
                "the broker cannot listen \(ports): the port is in use",
                hint: "another broker may be running there; choose another port")
        case EACCES, EPERM:
            self.init(
                "the broker cannot listen \(ports): permission denied",
                hint: "ports below 1024 need root; choose another")
        case EADDRNOTAVAIL:
            self.init("the broker cannot listen \(ports): no such address on this machine")
        case EMFILE, ENFILE:
            self.init(
                "the broker cannot listen \(ports): too many open files", hint: "raise the limit with ulimit -n")
        default:
            self.init("the broker cannot listen \(ports): \(error)")
        }
    }
}
