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

    /// As above, for bytes.
    static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, patience: Int32 = 100, while isWanted: () -> Bool
    ) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = poll(&request, 1, patience)
            if ready == 0 {
                guard isWanted() else { return ETIMEDOUT }
                continue
            }
            // More than this might block, although there is room for some.
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(Int(PIPE_BUF)))
            let count = ready < 0 ? -1 : writeOnce(descriptor, part)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR, errno != EAGAIN {
                return errno
            }
        }
        return nil
    }

    private static func writeOnce(_ descriptor: Int32, _ part: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, part.baseAddress, part.count)
        #else
            Glibc.write(descriptor, part.baseAddress, part.count)
        #endif
    }
}
