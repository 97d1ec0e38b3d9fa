#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What this process may use of the machine's memory.
enum MachineMemory {
    /// In bytes: what the machine has, or less where a container's control group allows less; nil if neither can be told.
    static var bytes: Int? {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let pageSize = sysconf(Int32(_SC_PAGESIZE))
        let all = pages > 0 && pageSize > 0 ? pages.multipliedReportingOverflow(by: pageSize).partialValue : nil
        let allowed = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
            .lazy.compactMap { number(in: $0) }.first
        return [all, allowed].compactMap(\.self).min()
    }

    /// The whole number that a file begins with; nil without one, such as `max`.
    private static func number(in path: String) -> Int? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var number = 0
        return withUnsafeMutablePointer(to: &number) { number in
            withVaList([number]) { vfscanf(file, "%ld", $0) }
        } == 1 ? number : nil
    }
}
