import KrunDiagnostics
import KrunScenario

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads the input message by message, and sends each.
struct InputReading {
    private(set) var sender: MessageSender
    let request: ProduceSession.Request
    let output: any ProduceOutput
    let text: ProduceText
    /// Whether all of the input was sent.
    private(set) var isComplete = false
    /// Whether a record had a partition of its own.
    private(set) var recordsNamePartitions = false
    /// What was read of stdin already; nil where nothing was.
    private let head: [UInt8]?
    private var number = 0
    private var reader = RecordLineReader()
    private var hasWarnedOfZero = false

    init(
        sender: MessageSender, request: ProduceSession.Request, output: any ProduceOutput, text: ProduceText,
        head: [UInt8]? = nil
    ) {
        self.head = head
        self.sender = sender
        self.request = request
        self.output = output
        self.text = text
    }

    /// Whether stdin had nothing in it.
    var wasEmpty: Bool { isComplete && number == 0 && request.input.isStandardInput }

    /// Sends all of it, or until no more should be sent.
    ///
    /// - Returns: what is wrong with the input; what comes after that is not sent.
    mutating func sendAll() -> Diagnostics? {
        do {
            isComplete =
                switch request.input {
                case .samples: sendSamples()
                case .arguments(let arguments, let format): try send(arguments, format)
                case .standardInput(let format): try sendLines(format)
                }
            return nil
        } catch let problem as Diagnostics {
            return problem
        } catch let problem as Diagnostic {
            return Diagnostics(problem)
        } catch {
            return Diagnostics(Diagnostic(.runtime, "\(error)"))
        }
    }

    private mutating func sendSamples() -> Bool {
        for _ in 0..<request.count {
            for (key, value) in SampleMessages.all {
                number += 1
                let isSent = Array(key.utf8).withUnsafeBytes { key in
                    Array(value.utf8).withUnsafeBytes { sender.send(number, key: key, value: $0) }
                }
                guard isSent else { return false }
            }
        }
        return true
    }

    private mutating func send(_ arguments: [String], _ format: ProduceSession.Request.Format) throws -> Bool {
        for _ in 0..<request.count {
            for (index, argument) in arguments.enumerated() {
                number += 1
                let isSent = try Array(argument.utf8).withUnsafeBytes {
                    try send($0, format, line: index + 1, of: Place.arguments)
                }
                guard isSent else { return false }
            }
        }
        return true
    }

    /// Waits for the first bytes of stdin, before there is anywhere to send them to; empty where there are none or it is over.
    static func firstBytes(
        _ format: ProduceSession.Request.Format, request: ProduceSession.Request, output: any ProduceOutput,
        text: ProduceText,
        isOver: () -> Bool
    ) throws -> [UInt8] {
        if output.isInputTyped { output.say(text.asksForLines(format, separator: request.keySeparator)) }
        return try [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            count = try output.readInput(UnsafeMutableRawBufferPointer(buffer), isOver: isOver)
        }
    }

    private mutating func sendLines(_ format: ProduceSession.Request.Format) throws -> Bool {
        if head == nil, output.isInputTyped {
            output.say(text.asksForLines(format, separator: request.keySeparator))
        }
        var head = head ?? []
        var lines = LineSplitter()
        while !lines.isAtEnd {
            let (output, sender) = (output, sender)
            do {
                try lines.fill { bytes in
                    guard head.isEmpty else {
                        defer { head = [] }
                        bytes.copyBytes(from: head)
                        return head.count
                    }
                    return try output.readInput(bytes, isOver: { sender.mustStop })
                }
            } catch is LineSplitter.LineTooLong {
                throw text.tooLong(line: number + 1)
            }
            // What was read of a line when it was over is no line.
            if sender.mustStop { return false }
            while let line = lines.next() {
                number += 1
                guard try send(line, format, line: number, of: Place.standardInput) else { return false }
            }
        }
        return true
    }

    /// The nearest to a record's timestamp that librdkafka can send: it takes 0 for the time of sending.
    private mutating func sendable(_ timestamp: Int64?) -> Int64? {
        guard timestamp == 0 else { return timestamp }
        if !hasWarnedOfZero { output.warn(ProduceText.zeroTimestamp) }
        hasWarnedOfZero = true
        return 1
    }

    /// The problem as one of what was given to the command.
    private func usage(_ problem: Diagnostic, looksLikeJSON: Bool) -> Diagnostic {
        var problem = problem
        problem.kind = .usage
        if !looksLikeJSON { problem.notes.append("without --input json a line is key:value") }
        return problem
    }

    private mutating func send(
        _ line: UnsafeRawBufferPointer, _ format: ProduceSession.Request.Format, line place: Int, of file: String
    ) throws -> Bool {
        switch format {
        case .lines:
            let line = KeyedLine(
                line, separator: request.keySeparator, emptyIsTombstone: request.emptyIsTombstone)
            return sender.send(number, key: line.key, value: line.value)
        case .json:
            // As many programs end their output with an empty line.
            if line.isEmpty { return true }
            do {
                try reader.read(line, number: place, of: file)
            } catch {
                throw Diagnostics(
                    error.all.map { usage($0, looksLikeJSON: line.first.map("{[".utf8.contains) ?? false) })
            }
            let record = reader.record
            if record.partition != nil { recordsNamePartitions = true }
            let timestamp = sendable(record.timestamp)
            return record.withKeyAndValue { key, value in
                sender.send(
                    number, key: key, value: value, partition: record.partition, timestamp: timestamp,
                    headers: record.headers)
            }
        }
    }
}

/// A message in a line of text, `key:value`.
struct KeyedLine {
    /// Nil where the line has no separator.
    let key: UnsafeRawBufferPointer?
    /// Nil for a tombstone.
    let value: UnsafeRawBufferPointer?

    /// Splits the line, whose bytes must outlive this, at the first separator; with an empty separator all of it is the value.
    init(_ line: UnsafeRawBufferPointer, separator: [UInt8], emptyIsTombstone: Bool) {
        var value = line
        if let position = Self.position(of: separator, in: line) {
            key = UnsafeRawBufferPointer(rebasing: line[..<position])
            value = UnsafeRawBufferPointer(rebasing: line[(position + separator.count)...])
        } else {
            key = nil
        }
        self.value = value.isEmpty && emptyIsTombstone ? nil : value
    }

    private static func position(of separator: [UInt8], in line: UnsafeRawBufferPointer) -> Int? {
        guard let first = separator.first, let start = line.baseAddress else { return nil }
        var offset = 0
        while offset + separator.count <= line.count {
            guard let found = memchr(start + offset, Int32(first), line.count - offset - separator.count + 1) else {
                return nil
            }
            let position = UnsafeRawPointer(found) - start
            if line[position..<position + separator.count].elementsEqual(separator) { return position }
            offset = position + 1
        }
        return nil
    }
}

/// Cuts bytes that come in portions into lines, without copying one that came whole.
///
/// A line ends with a line feed, or with a carriage return before it; what follows the last of them is a line unless it is empty.
struct LineSplitter: ~Copyable {
    /// A line has more bytes than are kept.
    struct LineTooLong: Error {}

    /// 64 MiB: more than a message may have anywhere, in base64.
    static let longest = 64 << 20

    private var buffer: UnsafeMutableRawBufferPointer
    private let limit: Int
    private var start = 0
    /// Up to where there is no line feed.
    private var searched = 0
    private var end = 0
    /// Whether there are no more portions.
    private(set) var isAtEnd = false

    /// - Parameters:
    ///   - portion: how many bytes are asked for at a time, at least.
    ///   - limit: how many bytes a line may have.
    init(portion: Int = 256 << 10, limit: Int = LineSplitter.longest) {
        buffer = .allocate(byteCount: portion, alignment: 16)
        self.limit = limit
    }

    deinit {
        buffer.deallocate()
    }

    /// The next line without its end, valid until the next call; nil where another portion is needed or nothing is left.
    mutating func next() -> UnsafeRawBufferPointer? {
        let base = UnsafeRawPointer(buffer.baseAddress!)
        if searched < end, let found = memchr(base + searched, 10, end - searched) {
            let lineEnd = UnsafeRawPointer(found) - base
            let hasReturn = lineEnd > start && buffer[lineEnd - 1] == 13
            let line = UnsafeRawBufferPointer(start: base + start, count: lineEnd - start - (hasReturn ? 1 : 0))
            start = lineEnd + 1
            searched = start
            return line
        }
        searched = end
        guard isAtEnd, start < end else { return nil }
        let line = UnsafeRawBufferPointer(start: base + start, count: end - start)
        start = end
        return line
    }

    /// Asks for another portion; `read` returns how many bytes it has put there, 0 at the end.
    mutating func fill(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) throws {
        if start > 0 {
            buffer.baseAddress!.copyMemory(from: buffer.baseAddress! + start, byteCount: end - start)
            end -= start
            searched -= start
            start = 0
        }
        if end == buffer.count {
            guard end < limit else { throw LineTooLong() }
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: min(2 * end, limit), alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
            buffer.deallocate()
            buffer = larger
        }
        let count = try read(UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
        end += count
        if count == 0 { isAtEnd = true }
    }
}
