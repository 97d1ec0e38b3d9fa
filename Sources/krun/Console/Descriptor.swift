import KrunDiagnostics

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Writing with write(2) alone: the C library's streams have a lock, on which a signal's handler would wait while a
/// reader stalls.
enum Descriptor {
    /// Writes all of the text, waiting for whoever reads it.
    ///
    /// - Parameters:
    ///   - patience: how many milliseconds pass between two questions whether to go on waiting.
    ///   - isWanted: whether to go on waiting.
    /// - Returns: nil, or the number of the error; ETIMEDOUT when waiting was no longer wanted.
    static func write(
        _ text: String, to descriptor: Int32, patience: Int32 = 100, while isWanted: () -> Bool
    ) -> Int32? {
        var text = text
        return text.withUTF8 { bytes in
            write(UnsafeRawBufferPointer(bytes), to: descriptor, patience: patience, while: isWanted)
        }
    }

    /// As above, for bytes; `portion` is how many of them are handed over at a time.
    static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, portion: Int = Int(PIPE_BUF), patience: Int32 = 100,
        while isWanted: () -> Bool
    ) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = poll(&request, 1, patience)
            if ready == 0 {
                guard isWanted() else { return ETIMEDOUT }
                continue
            }
            // More than PIPE_BUF might block, although there is room for some.
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(portion))
            let count = ready < 0 ? -1 : writeOnce(descriptor, part)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR, errno != EAGAIN {
                return errno
            }
        }
        return nil
    }

    /// The same pipe, opened once more so that writing never blocks; nil where that cannot be had.
    ///
    /// The flag belongs to what was opened, which a terminal or another process may share: it cannot just be set.
    static func withoutBlocking(_ descriptor: Int32) -> Int32? {
        #if os(Linux)
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return nil }
            let copy = open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return copy < 0 ? nil : copy
        #else
            return nil
        #endif
    }

    /// What one look at a descriptor has brought.
    enum Reading {
        /// More than none.
        case bytes(Int)
        /// Nobody will write any more, or, where that is not so, nobody has begun to.
        case end(isHungUp: Bool)
        /// Nothing is there yet; whether it is known that somebody may write.
        case nothing(hasWriter: Bool)
        /// The number of the error.
        case failure(Int32)
    }

    /// Waits a tenth of a second for bytes.
    ///
    /// - Parameter isBlocking: whether reading waits until there are some, so that it is not done before.
    static func read(
        _ bytes: UnsafeMutableRawBufferPointer, from descriptor: Int32, isBlocking: Bool
    ) -> Reading {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let ready = poll(&request, 1, 100)
        if ready == 0, isBlocking { return .nothing(hasWriter: false) }
        let count = ready < 0 ? -1 : readOnce(descriptor, bytes)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end(isHungUp: request.revents & Int16(POLLHUP) != 0) }
        return errno == EINTR || errno == EAGAIN ? .nothing(hasWriter: errno == EAGAIN) : .failure(errno)
    }

    /// read(2), once: how many bytes, 0 at the end, or less with the number of the error in `errno`.
    static func readOnce(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.read(descriptor, bytes.baseAddress, bytes.count)
        #else
            Glibc.read(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func writeOnce(_ descriptor: Int32, _ part: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, part.baseAddress, part.count)
        #else
            Glibc.write(descriptor, part.baseAddress, part.count)
        #endif
    }
}

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

    /// Whether there are bytes, or the end.
    static var isReady: Bool {
        var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) != 0
    }

    /// Waits for bytes; returns how many there are, 0 at the end or once `isOver` is true, which is looked at ten times a second.
    ///
    /// - Throws: a `Diagnostic` where it cannot be read.
    static func read(_ bytes: UnsafeMutableRawBufferPointer, isOver: () -> Bool) throws(Diagnostic) -> Int {
        while !isOver() {
            switch Descriptor.read(bytes, from: STDIN_FILENO, isBlocking: true) {
            case .bytes(let count): return count
            case .end: return 0
            case .nothing: continue
            case .failure(let number):
                throw Diagnostic(.usage, "cannot read stdin", notes: [String(cString: strerror(number))])
            }
        }
        return 0
    }
}

/// How many files and connections this process may have open.
enum OpenFiles {
    /// As many as the system lets it have: a broker has a connection for each client, and more.
    static func raiseLimit() {
        #if canImport(Darwin)
            let resource = RLIMIT_NOFILE
        #else
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        #if canImport(Darwin)
            // More than this is refused there, whatever the hard limit says.
            limit.rlim_cur = min(limit.rlim_max, rlim_t(OPEN_MAX))
        #endif
        _ = setrlimit(resource, &limit)
    }
}
