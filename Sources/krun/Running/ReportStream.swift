import KrunDiagnostics

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A report that is written bit by bit while a run goes on, so that a run that is killed leaves what there was.
final class ReportStream {
    private let option: ReportOption
    private let isWanted: @Sendable () -> Bool
    private var descriptor: Int32?
    /// What nobody could take yet.
    private var pending = ""
    /// Why it is written no more.
    private var problem: String?

    /// - Parameter isWanted: whether to go on waiting for a reader.
    init(_ option: ReportOption, while isWanted: @escaping @Sendable () -> Bool) {
        self.option = option
        self.isWanted = isWanted
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    /// Begins it: a file is empty from now on.
    ///
    /// - Throws: why it cannot be.
    func open() throws(ReportTarget.Problem) {
        if option.file != "-", descriptor == nil { descriptor = try ReportTarget(option.file).open() }
    }

    /// Writes it now; where a pipe has no reader yet, once it has one.
    func write(_ text: String) {
        guard problem == nil else { return }
        if option.file == "-" {
            problem = Console.writeReport(text)
            return
        }
        pending += text
        do throws(ReportTarget.Problem) {
            try flush()
        } catch {
            problem = error.reason
        }
    }

    /// Writes what is left, and waits for a reader that has not come yet.
    ///
    /// - Returns: why not all of it was written; nil where it was.
    func end() -> Diagnostic? {
        while problem == nil, !pending.isEmpty {
            guard isWanted() else {
                problem = "nobody reads it"
                break
            }
            poll(nil, 0, 50)
            write("")
        }
        return problem.map { option.unwritten($0) }
    }

    private func flush() throws(ReportTarget.Problem) {
        try open()
        guard let descriptor, !pending.isEmpty else { return }
        try ReportTarget.write(pending, to: descriptor, while: isWanted)
        pending = ""
    }
}
