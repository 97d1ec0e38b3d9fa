#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The limit of open files, which tests with thousands of connections need to be higher than usual.
enum OpenFiles {
    /// - Returns: how many files may be open now.
    static func raise() -> Int {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        let most = min(limit.rlim_max, 26_000)
        guard limit.rlim_cur < most else { return Int(clamping: limit.rlim_cur) }
        var raised = limit
        raised.rlim_cur = most
        return Int(clamping: setrlimit(resource, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur)
    }
}
