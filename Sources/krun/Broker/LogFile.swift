import KrunDiagnostics
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The file that a broker's log is written to, line by line.
final class LogFile: Sendable {
    private let path: String
    private let descriptor: Int32
    private let isBroken = Atomic(false)

    /// Begins the file anew; a pipe or device is written as it is.
    ///
    /// - Throws: a usage diagnostic where it cannot be.
    init(_ path: String) throws(Diagnostic) {
        self.path = path
        guard !LinkedFile.writesElsewhere(path) else {
            throw Diagnostic(
                .usage, "cannot write the log \(path)",
                notes: ["a link leads from there to a file elsewhere, which would be replaced"])
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw Diagnostic(.usage, "cannot write the log \(path)", notes: [String(cString: strerror(errno))])
        }
    }

    deinit {
        close(descriptor)
    }

    /// What cannot be written is lost; the first time it is told on stderr.
    func write(_ text: String) {
        guard let problem = Descriptor.write(text, to: descriptor, while: { true }),
            !isBroken.exchange(true, ordering: .relaxed)
        else { return }
        Console.writeError("cannot write the log \(path): \(String(cString: strerror(problem)))\n")
    }
}
