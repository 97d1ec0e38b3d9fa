import KrunDiagnostics
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The files in a scenario's folder, which it may name. Each is read once, and is then what it was.
///
/// Nothing outside the folder is read because a scenario says so: who wrote the scenario may not be who runs it.
public final class FolderFiles: Sendable {
    /// How many bytes the files of one scenario may have together: 64 MiB.
    package static let maximumBytes = 64 << 20

    /// Why a file cannot be had.
    struct Fault: Error, Hashable {
        let label: String
        var notes: [String] = []

        /// Of a scenario without a folder.
        static let noFolder = Fault(
            label: "this scenario has no folder",
            notes: [
                "one that comes from stdin or from a pipe has none: save it to a file, beside those that it names"
            ])

        static func tooLarge(_ size: Int?, of maximum: Int) -> Fault {
            let whole = FolderFiles.maximumBytes
            let limit =
                maximum < whole
                ? "\(maximum) that are left of the \(whole) (\(whole >> 20) MiB) that a scenario may read"
                : "\(whole) (\(whole >> 20) MiB) that a scenario may read"
            return Fault(label: "it has \(size.map { "\($0) bytes, " } ?? "")more than the \(limit)")
        }
    }

    /// What stands before the names of its files in errors, such as `scenarios/`.
    let prefix: String
    private let contents: @Sendable (_ name: String, _ maximum: Int) -> Result<[UInt8], Fault>
    private let known = Mutex<(files: [String: Result<[UInt8], Fault>], left: Int)>(([:], maximumBytes))

    /// Those beside a scenario.
    ///
    /// - Parameter path: the scenario's. Where it is a link, its folder is that of the link.
    public init(besideScenario path: String) {
        let parts = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) }
        prefix = parts ?? ""
        contents = { [folder = parts ?? "."] name, maximum in
            Result { () throws(Fault) in try Self.load(name, in: folder, maximum: maximum) }
        }
    }

    /// Files that are on no disk.
    ///
    /// - Parameter files: by their names in the scenario.
    public init(contents files: [String: [UInt8]]) {
        prefix = ""
        contents = { name, maximum in
            guard let bytes = files[name] else { return .failure(Fault(label: "there is no such file")) }
            return bytes.count <= maximum ? .success(bytes) : .failure(.tooLarge(bytes.count, of: maximum))
        }
    }

    /// None at all.
    ///
    /// - Parameters:
    ///   - label: why.
    ///   - notes: the ways out.
    static func none(_ label: String, _ notes: [String]) -> FolderFiles {
        FolderFiles(prefix: "") { _, _ in .failure(Fault(label: label, notes: notes)) }
    }

    private init(
        prefix: String, contents: @escaping @Sendable (_ name: String, _ maximum: Int) -> Result<[UInt8], Fault>
    ) {
        self.prefix = prefix
        self.contents = contents
    }

    /// Where the files are that were asked for, also those that could not be had, but for what is not in the folder. In no order.
    public var paths: [String] {
        known.withLock { known in known.files.keys.filter { !$0.isEmpty && Self.isWithin($0) }.map { prefix + $0 } }
    }

    /// The bytes of the file with that name.
    func bytes(of name: String) throws(Fault) -> [UInt8] {
        try known.withLock { known in
            if let file = known.files[name] { return file }
            let file = contents(name, known.left)
            if case .success(let bytes) = file { known.left -= bytes.count }
            known.files[name] = file
            return file
        }.get()
    }
}

/// Reading from a disk.
extension FolderFiles {
    /// So many names of a folder are compared with one that is not there.
    private static let listed = 1_000

    private static let outside = Fault(
        label: "it is not in the scenario's folder",
        notes: ["a scenario reads only files in its own folder and in those below it"])

    private static func load(_ name: String, in folder: String, maximum: Int) throws(Fault) -> [UInt8] {
        guard !name.isEmpty else { throw Fault(label: "the name of a file is empty") }
        guard isWithin(name) else { throw outside }
        guard let root = withoutLinks(folder) else { throw fault(errno) }
        guard let target = withoutLinks("\(folder)/\(name)") else {
            let number = errno
            throw number == ENOENT ? missing(name, in: folder, root) : fault(number)
        }
        let start = root == "/" ? "/" : root + "/"
        guard target == root || target.utf8.starts(with: start.utf8) else { throw outside }
        let parts = target.utf8.dropFirst(start.utf8.count).split(separator: UInt8(ascii: "/")).map { String($0)! }
        guard let last = parts.last else { throw Fault(label: "it is a folder") }
        var descriptor = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault(errno) }
        defer { close(descriptor) }
        // What has become a link meanwhile is not followed.
        for part in parts.dropLast() {
            let next = openat(descriptor, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { throw fault(errno) }
            close(descriptor)
            descriptor = next
        }
        // To open a device may already do something.
        var status = stat()
        guard fstatat(descriptor, last, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw fault(errno) }
        try checkKind(status)
        let file = openat(descriptor, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard file >= 0 else { throw fault(errno) }
        defer { close(file) }
        guard fstat(file, &status) == 0 else { throw fault(errno) }
        try checkKind(status)
        guard Int(status.st_size) <= maximum else { throw .tooLarge(Int(status.st_size), of: maximum) }
        return try readAll(file, expecting: Int(status.st_size), maximum: maximum)
    }

    /// Whether a name leads nowhere else, as far as it tells that itself.
    private static func isWithin(_ name: String) -> Bool {
        if name.utf8.first == UInt8(ascii: "/") { return false }
        var depth = 0
        for part in name.utf8.split(separator: UInt8(ascii: "/")) {
            if part.elementsEqual("..".utf8) { depth -= 1 } else if !part.elementsEqual(".".utf8) { depth += 1 }
            if depth < 0 { return false }
        }
        return true
    }

    private static func checkKind(_ status: stat) throws(Fault) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw Fault(label: "it is a folder")
        default: throw Fault(label: "it is no regular file", notes: ["pipes, devices and sockets are not read"])
        }
    }

    /// Names the file that may be meant, where one in the same folder is called nearly so.
    private static func missing(_ name: String, in folder: String, _ root: String) -> Fault {
        let path = name.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(name[..<$0]) } ?? ""
        let last = String(name.dropFirst(path.isEmpty ? 0 : path.count + 1))
        guard let place = withoutLinks(path.isEmpty ? folder : "\(folder)/\(path)"),
            place == root || place.utf8.starts(with: (root == "/" ? "/" : root + "/").utf8),
            // One of that very name is a link that leads nowhere.
            let near = Spelling.nearest(to: last, among: names(in: place)), near != last
        else { return fault(ENOENT) }
        let whole = path.isEmpty ? near : "\(path)/\(near)"
        return Fault(label: "did you mean \(whole.quotedForMessage)?", notes: [fault(ENOENT).label])
    }

    /// What a folder has, sorted; the first ones of one with more than `listed`.
    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < listed, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func readAll(_ file: Int32, expecting size: Int, maximum: Int) throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        let portion = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { portion.deallocate() }
        while true {
            let count = read(file, portion.baseAddress, portion.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw fault(errno)
            }
            if count == 0 { return bytes }
            bytes += portion[..<count]
            // It may grow while it is read.
            guard bytes.count <= maximum else { throw .tooLarge(nil, of: maximum) }
        }
    }

    private static func fault(_ number: Int32) -> Fault {
        switch number {
        case ENOENT, ENOTDIR: Fault(label: "there is no such file")
        case EACCES, EPERM: Fault(label: "you have no permission to read it")
        case ELOOP: Fault(label: "a link in it leads in a circle")
        default: Fault(label: String(cString: strerror(number)))
        }
    }

    private static func withoutLinks(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
