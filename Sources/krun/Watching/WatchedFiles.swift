#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The files whose saving is waited for: those that are named, those that scenarios named when they were read, and the JSON files of folders.
struct WatchedFiles: Sendable {
    /// By which two states of a file are told apart; a file that takes another's place has another number.
    struct Stamp: Hashable, Sendable {
        /// When it was written, as the system has it.
        let time: [UInt8]
        let size: Int64
        let number: UInt64
    }

    /// What was there at one time.
    struct Snapshot: Hashable, Sendable {
        var files: [String: Stamp] = [:]
        /// Those that were looked into.
        var folders: Set<String> = []
    }

    /// A folder with more files and folders than these is no folder of scenarios, and is refused as one.
    private static let entryLimit = 20_000

    /// As the command line has them.
    let paths: [String]
    /// Files of other kinds.
    let others: [String]
    /// Those that scenarios named when they were read last.
    var read: Set<String> = []
    /// What krun writes itself, without links.
    private let excluded: Set<String>

    init(paths: [String], others: [String], excluding excluded: [String]) {
        self.paths = paths
        self.others = others
        self.excluded = Set(excluded.map(ScenarioFiles.resolved))
    }

    func snapshot() -> Snapshot {
        var snapshot = Snapshot()
        for path in others + read.sorted() { add(path, to: &snapshot) }
        for path in paths {
            var isFolder = false
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            guard isFolder else {
                add(path, to: &snapshot)
                continue
            }
            var left = Self.entryLimit
            var inner = Snapshot()
            if add(folder: path, to: &inner, &left) {
                snapshot.files.merge(inner.files) { old, _ in old }
                snapshot.folders.formUnion(inner.folders)
            }
        }
        return snapshot
    }

    private func add(_ path: String, to snapshot: inout Snapshot) {
        // Also of one that is not there yet.
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        snapshot.folders.insert(folder.isEmpty ? "/" : folder)
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        snapshot.files[path] = Stamp(
            time: withUnsafeBytes(of: time) { Array($0) }, size: Int64(status.st_size), number: UInt64(status.st_ino))
    }

    /// - Returns: false where there is too much in it.
    private func add(folder: String, to snapshot: inout Snapshot, _ left: inout Int) -> Bool {
        guard snapshot.folders.insert(folder).inserted else { return true }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        left -= names.count
        guard left >= 0 else { return false }
        for name in names where !Self.isPassedOver(name) {
            let path = folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: guard add(folder: path, to: &snapshot, &left) else { return false }
            case S_IFREG, S_IFLNK:
                // What else is there may be written by anybody, such as by whoever keeps what is told here.
                guard name.hasSuffix(".json"), !excluded.contains(ScenarioFiles.resolved(path)) else { continue }
                add(path, to: &snapshot)
            default: break
            }
        }
        return true
    }

    /// What editors keep beside a file while it is written, and what others wrote.
    private static func isPassedOver(_ name: String) -> Bool {
        name.hasPrefix(".") || name.hasPrefix("#") || name == "node_modules"
    }

    /// Such as `3 files in 2 folders`.
    func sentence(_ snapshot: Snapshot) -> String {
        let (files, folders) = (snapshot.files.count, snapshot.folders.count)
        return "\(files) \(files == 1 ? "file" : "files") in \(folders) \(folders == 1 ? "folder" : "folders")"
    }

    /// Such as `orders.json was saved`.
    static func sentence(ofChangesFrom before: Snapshot, to now: Snapshot) -> String {
        let saved = now.files.filter { before.files[$0.key] != $0.value }.keys.sorted()
        let gone = before.files.keys.filter { now.files[$0] == nil }.sorted()
        return [(saved, "saved"), (gone, "deleted")].compactMap { names, what -> String? in
            guard let first = names.first else { return nil }
            if names.count == 1 { return "\(first) was \(what)" }
            return "\(first) and \(names.count - 1) more were \(what)"
        }.joined(separator: ", ")
    }
}
