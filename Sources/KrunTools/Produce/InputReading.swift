import KrunDiagnostics

/// Reads the input message by message, and sends each.
struct InputReading {
    private(set) var sender: MessageSender
    let request: ProduceRequest
    let output: any ProduceOutput
    let text: ProduceText
    /// Whether all of the input was sent.
    private(set) var isComplete = false
    private var number = 0
    private var reader = RecordLineReader()

    init(sender: MessageSender, request: ProduceRequest, output: any ProduceOutput, text: ProduceText) {
        self.sender = sender
        self.request = request
        self.output = output
        self.text = text
    }

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

    private mutating func send(_ arguments: [String], _ format: ProduceRequest.Format) throws -> Bool {
        for _ in 0..<request.count {
            for (index, argument) in arguments.enumerated() {
                number += 1
                let isSent = try Array(argument.utf8).withUnsafeBytes {
                    try send($0, format, line: index + 1, of: "<arguments>")
                }
                guard isSent else { return false }
            }
        }
        return true
    }

    private mutating func sendLines(_ format: ProduceRequest.Format) throws -> Bool {
        if output.isInputTyped { output.say(text.asksForLines(format, separator: request.keySeparator)) }
        var lines = LineSplitter()
        while !lines.isAtEnd {
            let (output, sender) = (output, sender)
            do {
                try lines.fill { try output.readInput($0, isOver: { sender.mustStop }) }
            } catch is LineSplitter.LineTooLong {
                throw text.tooLong(line: number + 1)
            }
            // What was read of a line when it was over is no line.
            if sender.mustStop { return false }
            while let line = lines.next() {
                number += 1
                guard try send(line, format, line: number, of: "<stdin>") else { return false }
            }
        }
        return true
    }

    /// The problem as one of what was given to the command.
    private func usage(_ problem: Diagnostic, looksLikeJSON: Bool) -> Diagnostic {
        var problem = problem
        problem.kind = .usage
        if !looksLikeJSON { problem.notes.append("without --input json a line is key:value") }
        return problem
    }

    private mutating func send(
        _ line: UnsafeRawBufferPointer, _ format: ProduceRequest.Format, line place: Int, of file: String
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
            return record.withKeyAndValue { key, value in
                sender.send(
                    number, key: key, value: value, partition: record.partition, timestamp: record.timestamp,
                    headers: record.headers)
            }
        }
    }
}
