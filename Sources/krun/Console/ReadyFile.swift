import KrunDiagnostics

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file that is there as long as something is ready, for a script that waits for it.
struct ReadyFile {
    private let path: String
    /// What is written already and not in its place yet.
    private var staged: String?
    /// What was written, so that no other's file is removed.
    private var written: String?

    /// Finds out whether the file can be written, and leaves what is there as it is.
    ///
    /// - Throws: a usage diagnostic where it cannot.
    init(_ path: String) throws(Diagnostic) {
        self.path = path
        var status = stat()
        if lstat(path, &status) == 0 {
            switch status.st_mode & S_IFMT {
            case S_IFDIR: throw trouble("that is a folder")
            case S_IFLNK: throw trouble("that is a symbolic link")
            case S_IFREG: break
            default: throw trouble("that is no regular file")
            }
            guard access(path, W_OK) == 0 else { throw trouble(String(cString: strerror(errno))) }
            guard isReadyFile else { throw trouble("another file has that name") }
        }
        guard !LinkedFile.writesElsewhere(path) else { throw trouble("a link leads from there to a folder elsewhere") }
        let (trial, descriptor) = try makeBeside()
        close(descriptor)
        unlink(trial)
    }

    /// Whether what stands there is what one says, or nothing.
    private var isReadyFile: Bool {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // More addresses than a cluster has.
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0, count < bytes.count else { return false }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return text.isEmpty || text.wholeMatch(of: /[A-Za-z0-9._\-\[\]:]+:\d+(,[A-Za-z0-9._\-\[\]:]+:\d+)*\n/) != nil
    }

    /// Removes what an earlier one left behind, so that nobody takes it for this one's.
    func removeStale() throws(Diagnostic) {
        guard unlink(path) == 0 || errno == ENOENT else { throw trouble(String(cString: strerror(errno))) }
    }

    /// Writes what the file will say, beside its place.
    mutating func stage(_ text: String) throws(Diagnostic) {
        let (trial, descriptor) = try makeBeside()
        let problem = Descriptor.write(text, to: descriptor) { true }
        let fault = problem ?? (fchmod(descriptor, 0o644) == 0 ? nil : errno)
        close(descriptor)
        if let fault {
            let reason = String(cString: strerror(fault))
            unlink(trial)
            throw trouble(reason)
        }
        staged = trial
        written = text
    }

    /// Puts what was staged in its place, as a whole: who sees the file sees all of it.
    mutating func publish() throws(Diagnostic) {
        guard let trial = staged else { return }
        staged = nil
        guard rename(trial, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(trial)
            throw trouble(reason)
        }
    }

    /// Takes the file away if it says what was written.
    func remove() {
        guard let written else { return }
        // Without waiting for the other end of what may be a pipe by now.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // One byte more, to see that nothing follows.
        var bytes = [UInt8](repeating: 0, count: written.utf8.count + 1)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0, bytes.prefix(count).elementsEqual(written.utf8) else { return }
        unlink(path)
    }

    /// A new file in the same folder.
    private func makeBeside() throws(Diagnostic) -> (path: String, descriptor: Int32) {
        guard !path.isEmpty else { throw trouble("it has no name") }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty else { throw trouble("that is no file, but a folder") }
        var bytes = Array((parts.dropLast() + [".\(name).XXXXXX"]).joined(separator: "/").utf8CString)
        let descriptor = mkstemp(&bytes)
        guard descriptor >= 0 else { throw trouble(String(cString: strerror(errno))) }
        return (String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self), descriptor)
    }

    private func trouble(_ reason: String) -> Diagnostic {
        Diagnostic(.usage, "the ready file \(path.isEmpty ? "\"\"" : path) cannot be written", notes: [reason])
    }
}
