import Foundation

/// Inputs that are made when they are needed: too large to be kept, or such that an editor or git would mend them.
enum Recipe: String {
    case emptyFile = "empty-file"
    case emptyFolder = "empty-folder"
    case whiteSpace = "white-space"
    case byteOrderMark = "byte-order-mark"
    case utf16 = "utf-16"
    case brokenUTF8 = "broken-utf-8"
    case nulByte = "nul-byte"
    case tenMegabytes = "ten-megabytes"
    /// A megabyte on one line, with a mistake at its end.
    case longLine = "long-line"
    case nestedArrays = "nested-arrays"
    case nestedObjects = "nested-objects"
    case unclosedArrays = "unclosed-arrays"
    case nestedPayload = "nested-payload"
    case manyErrors = "many-errors"
    case manyDuplicates = "many-duplicates"
    case folderNamedAsFile = "folder-named-as-file"
    case linkLoop = "link-loop"
    /// One to a file elsewhere, one to nowhere, one to itself, one to a file beside it.
    case links
    case fifo = "fifo"
    case unreadableFile = "unreadable-file"
    case unreadableFolder = "unreadable-folder"

    /// Whether root would not see what it is about.
    var needsUser: Bool { self == .unreadableFile || self == .unreadableFolder }

    /// Makes the input in `folder`: `scenario.json`, unless it is said otherwise.
    func make(in folder: URL) throws {
        let manager = FileManager.default
        let file = folder.appending(path: "scenario.json")
        switch self {
        case .emptyFile: try Data().write(to: file)
        case .emptyFolder:
            try manager.createDirectory(at: folder.appending(path: "scenarios"), withIntermediateDirectories: false)
        case .whiteSpace: try write("\n\n  \t\n", to: file)
        case .byteOrderMark:
            try (Data([0xEF, 0xBB, 0xBF]) + Data(scenario(value: "\"espresso\"").utf8)).write(to: file)
        case .utf16: try utf16(scenario(value: "\"espresso\"")).write(to: file)
        case .brokenUTF8:
            // "café" as Latin-1 has it.
            try bytes(around: [0x63, 0x61, 0x66, 0xE9]).write(to: file)
        case .nulByte: try bytes(around: [0x61, 0x00, 0x62]).write(to: file)
        case .tenMegabytes:
            try write(scenario(value: "\"" + String(repeating: "x", count: 10_000_000) + "\""), to: file)
        case .longLine:
            let messages = String(repeating: #"{ "key": "alice", "value": "espresso" }, "#, count: 25_000)
            try write(scenario(messages: messages + #"{ "kye": "bob" }"#), to: file)
        case .nestedArrays: try write(nested("[", "]"), to: file)
        case .nestedObjects: try write(nested(#"{"a":"#, "}", around: "1"), to: file)
        case .unclosedArrays: try write(String(repeating: "[", count: 10_000), to: file)
        case .nestedPayload: try write(scenario(value: nested("[", "]")), to: file)
        case .manyErrors:
            let messages = Array(repeating: #"{ "kye": "alice" }"#, count: 10_000).joined(separator: ",\n")
            try write(scenario(messages: messages), to: file)
        case .manyDuplicates:
            let members = Array(repeating: #""a": 1"#, count: 10_000).joined(separator: ",\n")
            try write(scenario(value: "{ \(members) }"), to: file)
        case .folderNamedAsFile: try manager.createDirectory(at: file, withIntermediateDirectories: false)
        case .linkLoop:
            let inner = folder.appending(path: "scenarios")
            try manager.createDirectory(at: inner, withIntermediateDirectories: false)
            try write(scenario(value: "\"espresso\""), to: inner.appending(path: "orders.json"))
            try manager.createSymbolicLink(
                atPath: inner.appending(path: "again").path, withDestinationPath: ".")
        case .links:
            let inner = folder.appending(path: "scenarios")
            try manager.createDirectory(at: inner, withIntermediateDirectories: false)
            try write("a secret", to: folder.appending(path: "secret"))
            try write(scenario(value: "\"espresso\""), to: inner.appending(path: "orders.json"))
            for (name, target) in [
                ("elsewhere", "../secret"), ("nowhere", "gone.json"), ("itself", "itself.json"),
                ("near", "orders.json"),
            ] {
                try manager.createSymbolicLink(
                    atPath: inner.appending(path: "\(name).json").path, withDestinationPath: target)
            }
        case .fifo: try succeed(mkfifo(file.path, 0o600))
        case .unreadableFile:
            try write("{}", to: file)
            try succeed(chmod(file.path, 0))
        case .unreadableFolder:
            let inner = folder.appending(path: "scenarios")
            try manager.createDirectory(at: inner, withIntermediateDirectories: false)
            try succeed(chmod(inner.path, 0))
        }
    }
}

extension Recipe {
    private func scenario(value: String) -> String {
        scenario(messages: #"{ "value": \#(value) }"#)
    }

    private func scenario(messages: String) -> String {
        """
        {
          "name": "Orders arrive",
          "topics": [{ "name": "orders" }],
          "steps": [
            { "produce": "orders", "messages": [\(messages)] }
          ]
        }

        """
    }

    /// A scenario with these bytes as a message's value.
    private func bytes(around value: [UInt8]) -> Data {
        let parts = scenario(value: "\"?\"").split(separator: "?")
        return Data(parts[0].utf8) + Data(value) + Data(parts[1].utf8)
    }

    private func utf16(_ text: String) -> Data {
        Data([0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    }

    /// 10 000 levels.
    private func nested(_ opening: String, _ closing: String, around content: String = "") -> String {
        String(repeating: opening, count: 10_000) + content + String(repeating: closing, count: 10_000)
    }

    private func write(_ text: String, to file: URL) throws {
        try Data(text.utf8).write(to: file)
    }

    private func succeed(_ result: Int32) throws {
        if result != 0 { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EINVAL) }
    }
}
