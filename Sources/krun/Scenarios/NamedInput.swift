import KrunDiagnostics
import KrunJSON
import KrunScenario

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a command line names to be read as a scenario: a file, a pipe such as a shell's `<(…)`, or stdin.
struct NamedInput {
    /// How long somebody has to begin to write to a pipe.
    private static let writerBudget: Duration = .seconds(5)
    private static let standardInputNames: Set<String> = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]

    /// As the command line has it.
    let path: String

    init(_ path: String) {
        self.path = path
    }

    var isStandardInput: Bool { Self.standardInputNames.contains(path) }

    /// As it stands in reports and errors.
    var name: String { isStandardInput ? Place.standardInput : path }

    /// Whether this is something that the process was given open. The system's link to it is nobody's choice but that of the command line.
    var isDescriptor: Bool {
        if isStandardInput { return true }
        guard let folder = ["/dev/fd/", "/proc/self/fd/"].first(where: { path.hasPrefix($0) }) else { return false }
        let number = path.utf8.dropFirst(folder.utf8.count)
        return !number.isEmpty && number.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// The file by a name under which it can be found, where what is read is one.
    var filePath: String? {
        guard isStandardInput else { return path }
        var status = stat()
        return fstat(STDIN_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? "/dev/stdin" : nil
    }

    /// The files that a scenario may name; nil for what is no file, and so is in no folder.
    var folderFiles: FolderFiles? {
        var status = stat()
        guard !isDescriptor, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return FolderFiles(besideScenario: path)
    }

    /// Whether what is read has no place to be written back to: stdin, a pipe or a device.
    var isStream: Bool {
        var status = stat()
        guard !isDescriptor, stat(path, &status) == 0 else { return isDescriptor }
        return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// Refuses what can be read only once, and is named twice.
    ///
    /// - Throws: usage diagnostics.
    static func checkEachIsReadOnce(_ paths: [String]) throws(Diagnostics) {
        var seen: [Identity: String] = [:]
        for path in paths {
            let input = NamedInput(path)
            guard let identity = input.identity else { continue }
            if let first = seen[identity] {
                let names = first == path ? "\(path) is named twice" : "\(first) and \(path) are the same"
                let what = input.isStandardInput ? "stdin" : "the pipe \(path)"
                throw Diagnostics(Diagnostic(.usage, "\(what) can be read only once", notes: [names]))
            }
            seen[identity] = path
        }
    }

    private enum Identity: Hashable {
        case standardInput
        case pipe(device: UInt64, number: UInt64)
    }

    /// Nil for what can be read as often as anybody likes.
    private var identity: Identity? {
        var status = stat()
        let isThere = isStandardInput ? fstat(STDIN_FILENO, &status) == 0 : stat(path, &status) == 0
        if isThere, status.st_mode & S_IFMT == S_IFIFO {
            return .pipe(device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(status.st_ino))
        }
        return isStandardInput ? .standardInput : nil
    }

    /// Reads all of it, as far as a scenario, or what else is read, may be long.
    ///
    /// Who writes to a pipe is waited for as long as it takes, as `krun produce` does; that somebody does, for `writerBudget`.
    func read(
        upTo limit: Int = JSONDocument.sizeLimit, noun: String = "scenario"
    ) throws(Diagnostics) -> [UInt8] {
        if isStandardInput { return try readStandardInput(limit, noun) }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else {
            return try ScenarioFiles.read(path, upTo: limit)
        }
        return try readPipe(limit)
    }

    private func readStandardInput(_ limit: Int, _ noun: String) throws(Diagnostics) -> [UInt8] {
        if StandardInput.kind == .terminal {
            Console.writeError("reading a \(noun) from the terminal; Ctrl+D ends\n")
        }
        return try readAll(limit) { (bytes) throws(Diagnostics) in
            do throws(Diagnostic) {
                return try StandardInput.read(bytes) { false }
            } catch {
                throw Diagnostics(Diagnostic(.invalid, "cannot read \(name)", notes: error.notes))
            }
        }
    }

    private func readPipe(_ limit: Int) throws(Diagnostics) -> [UInt8] {
        // Who opens one to which nobody writes would wait for ever otherwise.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        let deadline = ContinuousClock.now + Self.writerBudget
        var hasWriter = false
        return try readAll(limit) { (bytes) throws(Diagnostics) in
            while true {
                switch Descriptor.read(bytes, from: descriptor, isBlocking: false) {
                case .bytes(let count):
                    hasWriter = true
                    return count
                case .nothing(let isWriterSeen): hasWriter = hasWriter || isWriterSeen
                case .failure(let number): throw unreadable(number)
                case .end(let isHungUp):
                    // The end, or nobody has begun.
                    if hasWriter || isHungUp { return 0 }
                    guard ContinuousClock.now < deadline else {
                        throw Diagnostics(
                            Diagnostic(
                                .invalid, "nobody writes to the pipe \(path)",
                                notes: ["waited \(Self.writerBudget.components.seconds) s for somebody to open it"]))
                    }
                    // Some systems do not wait for a writer.
                    poll(nil, 0, 50)
                }
            }
        }
    }

    private func readAll(
        _ limit: Int, _ next: (UnsafeMutableRawBufferPointer) throws(Diagnostics) -> Int
    ) throws(Diagnostics) -> [UInt8] {
        let portion = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { portion.deallocate() }
        var bytes: [UInt8] = []
        while true {
            let count = try next(portion)
            if count == 0 { return bytes }
            bytes += portion[..<count]
            guard bytes.count <= limit else { throw JSONDocument.endless(file: name, limit: limit) }
        }
    }

    private func unreadable(_ number: Int32) -> Diagnostics {
        Diagnostics(Diagnostic(.invalid, "cannot read \(name)", notes: [String(cString: strerror(number))]))
    }
}
