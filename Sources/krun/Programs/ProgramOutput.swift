import Dispatch
import KrunDiagnostics
import KrunKafka
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a program writes to stdout and stderr: its last lines are kept, and one text is looked for.
final class ProgramOutput: Sendable {
    /// How many of the last lines are kept.
    static let lineLimit = 500
    /// How many bytes of a line are kept.
    static let lengthLimit = 2_000

    private struct State {
        var lines: [String] = []
        /// Where in `lines` the oldest one stands.
        var oldest = 0
        var count = 0
        /// The line that has no end yet.
        var rest: [UInt8] = []
        /// Whether not all of it is kept.
        var isRestCut = false
        var hasNoticed = false
        /// Of the program's end of the pipe.
        var descriptor: Int32
        var isStopped = false
    }

    private let reading: Int32
    private let text: [UInt8]?
    private let tell: (@Sendable (String) -> Void)?
    private let state: Mutex<State>
    private let more = DispatchSemaphore(value: 0)
    private let thread = Mutex<WorkerThread?>(nil)

    /// - Parameters:
    ///   - text: what is looked for in each line; nil for nothing.
    ///   - tell: gets each line as it comes.
    /// - Throws: that the system gives no pipe or no thread.
    init(noticing text: String?, tell: (@Sendable (String) -> Void)?) throws(Diagnostic) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw Diagnostic(.runtime, "the system gives no pipe", notes: [String(cString: strerror(errno))])
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reading = ends[0]
        state = Mutex(State(descriptor: ends[1]))
        self.text = text.map { Array($0.utf8) }
        self.tell = tell
        do {
            let thread = try WorkerThread(name: "krun output") { [unowned self] in read() }
            self.thread.withLock { $0 = thread }
        } catch {
            close(ends[0])
            close(ends[1])
            throw Diagnostic(.runtime, "the system gives no thread", notes: [error.reason])
        }
    }

    /// Where the program writes.
    var descriptor: Int32 { state.withLock { $0.descriptor } }

    /// The last lines, the oldest first.
    var lines: [String] {
        state.withLock { state in
            let lines = Array(state.lines[state.oldest...] + state.lines[..<state.oldest])
            return state.rest.isEmpty ? lines : lines + [Self.text(of: state)]
        }
    }

    /// How many lines came before those that are kept.
    var omitted: Int { state.withLock { $0.count - $0.lines.count } }

    /// Whether the text was in a line.
    var hasNoticed: Bool { state.withLock { $0.hasNoticed } }

    /// Blocks until more has come, or for so long.
    func waitForMore(atMost duration: Duration) {
        _ = more.wait(timeout: .now() + .milliseconds(Int(duration / .milliseconds(1))))
    }

    /// The program has it by now.
    func closeOwnEnd() {
        state.withLock { state in
            if state.descriptor >= 0 { close(state.descriptor) }
            state.descriptor = -1
        }
    }

    /// Takes what is there and ends; to be called once. Who still holds the other end writes to nobody from now on.
    func stop() {
        closeOwnEnd()
        state.withLock { $0.isStopped = true }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
        close(reading)
    }

    // MARK: On its thread

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            var request = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            let ready = poll(&request, 1, 20)
            // What was written before the end is there by now.
            if ready == 0, state.withLock({ $0.isStopped }) { return }
            if ready <= 0 { continue }
            let count = systemRead(reading, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            for line in take(buffer[..<count]) { tell?(line) }
            more.signal()
        }
    }

    /// - Returns: the lines that have ended.
    private func take(_ bytes: ArraySlice<UInt8>) -> [String] {
        state.withLock { state in
            var ended: [String] = []
            var start = bytes.startIndex
            while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
                keep(bytes[start..<end], &state)
                ended.append(endLine(&state))
                start = bytes.index(after: end)
            }
            keep(bytes[start...], &state)
            if !state.rest.isEmpty { notice(&state) }
            return ended
        }
    }

    private func keep(_ bytes: ArraySlice<UInt8>, _ state: inout State) {
        let room = Self.lengthLimit - state.rest.count
        state.rest += bytes.prefix(room)
        if bytes.count > room { state.isRestCut = true }
    }

    /// The line that has no end yet, with `…` where it is cut: a secret is found there as far as it is kept.
    private static func text(of state: State) -> String {
        guard state.isRestCut else { return String(decoding: state.rest, as: UTF8.self) }
        // Not within a character.
        let continuation = state.rest.reversed().prefix { $0 & 0xC0 == 0x80 }.count
        return String(decoding: state.rest.dropLast(continuation + 1), as: UTF8.self) + "…"
    }

    private func endLine(_ state: inout State) -> String {
        notice(&state)
        if state.rest.last == UInt8(ascii: "\r"), !state.isRestCut { state.rest.removeLast() }
        let line = Self.text(of: state)
        state.rest.removeAll(keepingCapacity: true)
        state.isRestCut = false
        state.count += 1
        if state.lines.count < Self.lineLimit {
            state.lines.append(line)
        } else {
            state.lines[state.oldest] = line
            state.oldest = (state.oldest + 1) % Self.lineLimit
        }
        return line
    }

    private func notice(_ state: inout State) {
        guard let text, !state.hasNoticed else { return }
        state.hasNoticed = state.rest.firstRange(of: text) != nil
    }
}

/// The system's call, where a method has its name.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
