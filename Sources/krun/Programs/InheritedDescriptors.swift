#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The descriptors that krun was started with beyond the standard streams, such as a `3<file` of the shell's: a program that it starts has
/// them too, and none of those that krun has opened since.
enum InheritedDescriptors {
    /// As they were when this was read first, which has to be before anything is opened.
    static let all: [Int32] = {
        guard let folder = opendir("/dev/fd") else { return [] }
        defer { closedir(folder) }
        let own = dirfd(folder)
        var descriptors: [Int32] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let number = Int32(name), number > 2, number != own else { continue }
            let flags = fcntl(number, F_GETFD)
            if flags >= 0, flags & FD_CLOEXEC == 0 { descriptors.append(number) }
        }
        return descriptors
    }()
}
