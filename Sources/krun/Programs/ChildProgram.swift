import CKrunShims
import Dispatch
import KrunKafka
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A program that the command line asked krun to start, and what has become of it.
///
/// Foundation's `Process` gives each program a process group of its own, whose reading from the terminal stops it; and on Linux nothing
/// but a system call between fork and exec ends a program whose parent was killed.
final class ChildProgram: Sendable {
    /// How it is started.
    struct Start {
        /// The program, found on `PATH` where it has no slash, and what it is given; not empty.
        var arguments: [String]
        var environment: [String: String]
        /// Where stdout and stderr go; nil for where krun's go.
        var output: Int32?
        /// Whether stdin is empty; otherwise it is krun's.
        var hasNoInput = false
        /// Whether it leads a process group of its own, with which all that it starts can be ended.
        var leadsGroup = false
    }

    /// Why a program could not be started.
    struct StartError: Error {
        /// The system's error number.
        let code: Int32
        var reason: String { String(cString: strerror(code)) }
        /// As shells have it: 127 where there is no such program, 126 where it cannot be run.
        var exitCode: Int32 { code == ENOENT ? 127 : 126 }
    }

    /// How a program ended.
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)

        /// As shells have it: 128 and the number of the signal for one that a signal ended.
        var code: Int32 {
            switch self {
            case .exited(let code): code
            case .signalled(let number): 128 + number
            }
        }
    }

    private struct State {
        var ending: Ending?
        var waiting: [@Sendable (Ending) -> Void] = []
    }

    /// One at a time: what another inherits by chance would keep it from hearing that a start has failed.
    private static let starting = Mutex(())

    private let process: Int32
    private let thread: WorkerThread
    private let leadsGroup: Bool
    private let state: Shared<State>

    private final class Shared<Value: ~Copyable & Sendable>: Sendable {
        let value: Mutex<Value>
        init(_ value: consuming sending Value) { self.value = Mutex(value) }
    }

    /// - Throws: why it could not be started; then nothing runs.
    init(_ start: Start) throws(StartError) {
        let state = Shared(State())
        let started = Shared<Int32?>(nil)
        let isKnown = DispatchSemaphore(value: 0)
        let thread: WorkerThread
        do {
            // On Linux a program ends with the thread that started it.
            thread = try WorkerThread(name: "krun command") {
                let process = ChildProgram.starting.withLock { _ in ChildProgram.run(start) }
                started.value.withLock { $0 = process }
                isKnown.signal()
                guard process > 0 else { return }
                let ending = ChildProgram.waitForEnd(of: process)
                let waiting = state.value.withLock { state in
                    state.ending = ending
                    defer { state.waiting = [] }
                    return state.waiting
                }
                for tell in waiting { tell(ending) }
            }
        } catch {
            throw StartError(code: error.code)
        }
        isKnown.wait()
        let process = started.value.withLock { $0 ?? -EAGAIN }
        guard process > 0 else {
            thread.join()
            throw StartError(code: -process)
        }
        self.process = process
        self.thread = thread
        leadsGroup = start.leadsGroup
        self.state = state
    }

    /// Waits for its end.
    deinit {
        thread.join()
    }

    /// How it ended; nil while it runs.
    var ending: Ending? { state.value.withLock { $0.ending } }

    /// Waits for its end.
    func end() async -> Ending {
        await withCheckedContinuation { continuation in
            whenEnded { continuation.resume(returning: $0) }
        }
    }

    /// Calls `tell` once it has ended, on a thread of its own, or at once where it has.
    func whenEnded(_ tell: @escaping @Sendable (Ending) -> Void) {
        let ending = state.value.withLock { state in
            if state.ending == nil { state.waiting.append(tell) }
            return state.ending
        }
        if let ending { tell(ending) }
    }

    /// Sends it a signal, and all of its group where it leads one; after its end, what it left of the group.
    func send(_ signal: Int32) {
        if leadsGroup {
            kill(-process, signal)
        } else {
            // The number of one that has ended may be another's.
            state.value.withLock { if $0.ending == nil { kill(process, signal) } }
        }
    }

    // MARK: On its thread

    private static func run(_ start: Start) -> Int32 {
        let arguments = start.arguments.map { strdup($0) } + [nil]
        let environment = start.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + environment { free(text) } }
        return arguments.withUnsafeBufferPointer { arguments in
            environment.withUnsafeBufferPointer { environment in
                InheritedDescriptors.all.withUnsafeBufferPointer { inherited in
                    var program = krun_program(
                        arguments: arguments.baseAddress, environment: environment.baseAddress,
                        output: start.output ?? -1, has_no_input: start.hasNoInput ? 1 : 0,
                        leads_group: start.leadsGroup ? 1 : 0, inherited: inherited.baseAddress,
                        inherited_count: Int32(inherited.count), ignores_hangup: HeardSignals.ignoresHangup ? 1 : 0)
                    let started = krun_start(&program)
                    return started == -EACCES && !isFound(start) ? -ENOENT : started
                }
            }
        }
    }

    /// Whether there is such a program at all: of a folder on `PATH` that is closed to the user the system says the same as of a program that is.
    private static func isFound(_ start: Start) -> Bool {
        let name = start.arguments[0]
        guard !name.contains("/") else { return true }
        let folders = (start.environment["PATH"] ?? "/usr/bin:/bin").split(
            separator: ":", omittingEmptySubsequences: false)
        return folders.contains { access(($0.isEmpty ? "." : $0) + "/" + name, F_OK) == 0 }
    }

    private static func waitForEnd(of process: Int32) -> Ending {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            // Nobody else waits for it, so the number is one of ours.
            guard errno == EINTR else { return .exited(1) }
        }
        let number = status & 0x7f
        return number == 0 ? .exited((status >> 8) & 0xff) : .signalled(number)
    }
}
