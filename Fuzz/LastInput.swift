import Foundation

/// A file that says which input is being run; what it says survives the process.
struct LastInput {
    private let file: FileHandle

    init(path: String) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    func note(seed: UInt64, input: Int) {
        // Padded, so that a shorter number leaves nothing of a longer one.
        let number = String(input)
        let padding = String(repeating: " ", count: 20 - number.count)
        var text = "--seed \(seed) --from \(number) --inputs 1\(padding)\n"
        text.withUTF8 { _ = pwrite(file.fileDescriptor, $0.baseAddress, $0.count, 0) }
    }
}
