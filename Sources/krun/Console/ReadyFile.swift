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
    private var written: (device: dev_t, number: ino_t)?

    /// Removes what an earlier one left behind, and finds out whether the file can be written.
    ///
    /// - Throws: a usage diagnostic where it cannot.
    init(_ path: String) throws(Diagnostic) {
        self.path = path
        var status = stat()
        if lstat(path, &status) == 0 {
            let kind = status.st_mode & S_IFMT
            if kind == S_IFDIR { throw trouble("that is a folder") }
            guard kind == S_IFREG || kind == S_IFLNK else { throw trouble("that is no regular file") }
            guard unlink(path) == 0 else { throw trouble(String(cString: strerror(errno))) }
        }
        let (trial, descriptor) = try makeBeside()
        close(descriptor)
        unlink(trial)
    }

    /// Writes what the file will say, beside its place.
    mutating func stage(_ text: String) throws(Diagnostic) {
        let (trial, descriptor) = try makeBeside()
        var status = stat()
        let problem = Descriptor.write(text, to: descriptor) { true }
        let isThere = fchmod(descriptor, 0o644) == 0 && fstat(descriptor, &status) == 0
        close(descriptor)
        guard problem == nil, isThere else {
            let reason = String(cString: strerror(problem ?? errno))
            unlink(trial)
            throw trouble(reason)
        }
        staged = trial
        written = (status.st_dev, status.st_ino)
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

    /// Takes the file away if it is the one that was written.
    func remove() {
        var status = stat()
        guard let written, lstat(path, &status) == 0, status.st_dev == written.device, status.st_ino == written.number
        else { return }
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
