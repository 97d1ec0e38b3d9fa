import Dispatch

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Waits until files change: the system says so where it can (inotify), and they are looked at now and then anyway.
final class FileWatcher: Sendable {
    /// Without the system's word, and where it does not reach, as on a disk of another machine.
    private static let interval: Duration = .milliseconds(500)
    /// So long nothing changes any more before a save counts as over.
    private static let calm: Int32 = 60

    /// The first snapshot that differs from `before`, once no more changes follow; nil where nobody waits any more. Holds no thread of the cooperative pool.
    func nextSnapshot(
        of files: WatchedFiles, after before: WatchedFiles.Snapshot, while isWanted: @escaping @Sendable () -> Bool
    ) async -> WatchedFiles.Snapshot? {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "krun.watch").async {
                continuation.resume(returning: Self.wait(files, before, isWanted))
            }
        }
    }

    private static func wait(
        _ files: WatchedFiles, _ before: WatchedFiles.Snapshot, _ isWanted: () -> Bool
    ) -> WatchedFiles.Snapshot? {
        let events = FolderEvents(before.folders)
        var looked = ContinuousClock.now - interval
        while isWanted() {
            let isTold = events.wait(milliseconds: 100)
            guard isTold || ContinuousClock.now - looked >= interval else { continue }
            looked = .now
            var now = files.snapshot()
            guard now.files != before.files else { continue }
            while isWanted() {
                poll(nil, 0, calm)
                let next = files.snapshot()
                if next == now { return now }
                now = next
            }
        }
        return nil
    }
}

/// The system's word that something has changed in a folder.
private final class FolderEvents {
    private let descriptor: Int32

    init(_ folders: Set<String>) {
        #if canImport(Glibc)
            descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
            guard descriptor >= 0 else { return }
            let wanted = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB)
            // There may be no more watches left; then looking now and then has to do.
            for folder in folders { _ = inotify_add_watch(descriptor, folder, wanted) }
        #else
            descriptor = -1
        #endif
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whether something has changed within so long.
    func wait(milliseconds: Int32) -> Bool {
        guard descriptor >= 0 else {
            poll(nil, 0, milliseconds)
            return false
        }
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, milliseconds) > 0 else { return false }
        // What it was is found out by looking.
        let portion = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
        defer { portion.deallocate() }
        while read(descriptor, portion.baseAddress, portion.count) > 0 {}
        return true
    }
}
