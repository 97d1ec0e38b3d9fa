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

    private static func writeOnce(_ descriptor: Int32, _ part: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, part.baseAddress, part.count)
        #else
            Glibc.write(descriptor, part.baseAddress, part.count)
        #endif
    }
}
