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

    /// The port that something else listens on, where that is why.
    public let portInUse: Int?

    init(_ description: String, hint: String? = nil, isBadOption: Bool = false, portInUse: Int? = nil) {
        self.description = description
        self.hint = hint
        self.isBadOption = isBadOption
        self.portInUse = portInUse
    }

    init(starting options: ClusterOptions, _ error: any Error) {
        self = (error as? ClusterError) ?? ClusterError(listening: options.host, port: options.port, error)
    }

    /// The system refused an option of a socket.
    init(setting option: String, _ error: any Error) {
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        self.init(
            "the broker cannot set the socket option \(option): \(reason)",
            hint: "something around this process (a sandbox, a seccomp profile) forbids it")
    }

    /// - Parameter port: 0 for any that is free.
    init(listening host: String, port: Int, _ error: any Error) {
        let ports = port == 0 ? "on \(host)" : "on \(host.contains(":") ? "[\(host)]" : host):\(port)"
        if error is SocketAddressError.UnknownHost {
            self.init(
                "the broker cannot listen \(ports): no such host",
                hint: "a broker listens on an address of this machine, such as 127.0.0.1")
            return
        }
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            self.init(
                "the broker cannot listen \(ports): the port is in use",
                hint: "another broker may be running there; choose another port", portInUse: port)
        case EACCES, EPERM:
            self.init(
                "the broker cannot listen \(ports): permission denied",
                hint: "ports below 1024 need root; choose another")
        case EADDRNOTAVAIL:
            self.init(
                "the broker cannot listen \(ports): no such address on this machine",
                hint: "what clients are told is the advertised host; it may be another than the one listened on")
        case EMFILE, ENFILE:
            self.init(
                "the broker cannot listen \(ports): too many open files", hint: "raise the limit with ulimit -n")
        default:
            self.init("the broker cannot listen \(ports): \(error)")
        }
    }
}
