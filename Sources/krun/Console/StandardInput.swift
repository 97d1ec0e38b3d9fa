import KrunDiagnostics

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What comes in on stdin.
enum StandardInput {
    enum Kind {
        case terminal
        /// A pipe, a file or a socket; or a folder, which is not readable as one.
        case stream
        /// Nothing, or a device such as /dev/null.
        case nothing
    }

    static var kind: Kind {
        var status = stat()
        guard fstat(STDIN_FILENO, &status) == 0 else { return .nothing }
        switch status.st_mode & S_IFMT {
        case S_IFIFO, S_IFREG, S_IFSOCK, S_IFDIR: return .stream
        default: return isatty(STDIN_FILENO) == 1 ? .terminal : .nothing
        }
    }

    /// Waits for bytes; returns how many there are, 0 at the end or once `isOver` is true, which is looked at ten times a second.
    ///
    /// - Throws: a `Diagnostic` where it cannot be read.
    static func read(_ bytes: UnsafeMutableRawBufferPointer, isOver: () -> Bool) throws(Diagnostic) -> Int {
        while !isOver() {
            var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let ready = poll(&request, 1, 100)
            if ready == 0 { continue }
            let count = ready < 0 ? -1 : readOnce(bytes)
            if count >= 0 { return count }
            if errno != EINTR, errno != EAGAIN {
                throw Diagnostic(.usage, "cannot read stdin", notes: [String(cString: strerror(errno))])
            }
        }
        return 0
    }

    private static func readOnce(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.read(STDIN_FILENO, bytes.baseAddress, bytes.count)
        #else
            Glibc.read(STDIN_FILENO, bytes.baseAddress, bytes.count)
        #endif
    }
}
