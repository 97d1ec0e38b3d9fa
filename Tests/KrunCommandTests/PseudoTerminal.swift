import Dispatch
import Foundation
import Testing

/// A krun on a terminal of its own, at which a test types.
struct PseudoTerminal {
    /// What is typed once this has been said.
    struct Line {
        let prompt: String
        let typed: String
        /// What the terminal would send for it, if krun were a job of a shell there.
        var signal: Int32?
    }

    struct Run {
        /// What stood on the terminal, the typed characters too.
        let text: String
        /// What stands there at the end: without the lines about a wait, which a busy machine may show, and which are erased.
        var settled: String { Screen(text).text }
        /// What went to stdout where that was not the terminal.
        let output: String
        let exitCode: Int32
    }

    /// Whether the system gives such terminals.
    static let isAvailable: Bool = {
        guard let pair = open() else { return false }
        close(pair.controller)
        close(pair.terminal)
        return true
    }()

    /// - Parameter redirectsOutput: whether stdout is a file instead.
    static func krun(
        _ arguments: [String], in folder: URL, environment: [String: String], lines: [Line] = [],
        redirectsOutput: Bool = false
    ) async throws -> Run {
        let pair = try #require(open())
        let file = folder.appending(path: "out-\(UUID().uuidString)")
        try Data().write(to: file)
        let process = Process()
        process.executableURL = try CommandRun.executable()
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = CommandRun.surroundings().merging(["NO_COLOR": "1"]) { $1 }.merging(environment) { $1 }
        let terminal = FileHandle(fileDescriptor: pair.terminal, closeOnDealloc: false)
        process.standardInput = terminal
        process.standardError = terminal
        let output = redirectsOutput ? try FileHandle(forWritingTo: file) : nil
        defer { try? output?.close() }
        process.standardOutput = output ?? terminal
        try process.run()
        close(pair.terminal)
        let talk = Talk(controller: pair.controller, process: process.processIdentifier, lines: lines)
        let text = await withCheckedContinuation { continuation in
            DispatchQueue(label: "terminal").async { continuation.resume(returning: talk.follow()) }
        }
        process.waitUntilExit()
        close(pair.controller)
        return Run(
            text: text.replacing("\r\n", with: "\n"),
            output: String(decoding: try Data(contentsOf: file), as: UTF8.self),
            exitCode: process.terminationStatus)
    }

    private static func open() -> (controller: Int32, terminal: Int32)? {
        // Found by their names: the module of the C library does not have them everywhere.
        guard let openController: @convention(c) (Int32) -> Int32 = function("posix_openpt"),
            let grant: @convention(c) (Int32) -> Int32 = function("grantpt"),
            let unlock: @convention(c) (Int32) -> Int32 = function("unlockpt"),
            let name: @convention(c) (Int32, UnsafeMutablePointer<CChar>, Int) -> Int32 = function("ptsname_r")
        else { return nil }
        let controller = openController(O_RDWR | O_NOCTTY)
        guard controller >= 0 else { return nil }
        // A krun that had it would keep its own terminal open.
        _ = fcntl(controller, F_SETFD, FD_CLOEXEC)
        // Not ptsname, whose text is that of whoever asked last.
        var path = [CChar](repeating: 0, count: 128)
        if grant(controller) == 0, unlock(controller) == 0, name(controller, &path, path.count) == 0 {
            let terminal = Foundation.open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
            if terminal >= 0 { return (controller, terminal) }
        }
        close(controller)
        return nil
    }

    private static func function<Function>(_ name: String) -> Function? {
        let program = dlopen(nil, RTLD_NOW)
        return dlsym(program, name).map { unsafeBitCast($0, to: Function.self) }
    }
}

/// A terminal as wide and as high as need be, which can do what krun asks of one. Colours stay in the text.
struct Screen {
    private var lines = [""]
    private var line = 0
    private var isAtStart = true

    var text: String {
        // What is empty below the cursor was never there, or is no more.
        let last = max(line, lines.lastIndex { !$0.isEmpty } ?? 0)
        return lines[...last].joined(separator: "\n")
    }

    init(_ text: String) {
        var rest = text[...]
        while let character = rest.first {
            if let move = rest.prefixMatch(of: #/\x1B\[(\d*)([AJK])/#) {
                rest = rest[move.range.upperBound...]
                switch move.2 {
                case "A": line = max(0, line - (Int(move.1) ?? 1))
                case "J":
                    lines.removeSubrange((line + 1)...)
                    lines[line] = ""
                default: lines[line] = ""
                }
                continue
            }
            rest.removeFirst()
            switch character {
            case "\n", "\r\n":
                line += 1
                if line == lines.count { lines.append("") }
                isAtStart = true
            case "\r": isAtStart = true
            default:
                if isAtStart { lines[line] = "" }
                isAtStart = false
                lines[line].append(character)
            }
        }
    }
}

/// Reads what is said until nobody has the terminal any more, and types where it is time.
private struct Talk: Sendable {
    let controller: Int32
    let process: Int32
    let lines: [PseudoTerminal.Line]

    func follow() -> String {
        var said: [UInt8] = []
        var unanswered = ""
        var rest = lines[...]
        var buffer = [UInt8](repeating: 0, count: 4096)
        let deadline = ContinuousClock.now + .seconds(40)
        while true {
            var request = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
            _ = poll(&request, 1, 100)
            if ContinuousClock.now > deadline { kill(process, SIGKILL) }
            guard request.revents != 0 else { continue }
            let count = read(controller, &buffer, buffer.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            // An error, too, says that the other side is closed.
            guard count > 0 else { return String(decoding: said, as: UTF8.self) }
            said += buffer[..<count]
            unanswered += String(decoding: buffer[..<count], as: UTF8.self)
            if let line = rest.first, unanswered.contains(line.prompt) {
                rest.removeFirst()
                unanswered = ""
                _ = line.typed.withCString { write(controller, $0, strlen($0)) }
                if let signal = line.signal { kill(process, signal) }
            }
        }
    }
}
