import Foundation

/// Files of inputs, in a folder for each target.
struct Corpus {
    let folder: URL

    init(_ path: String) {
        folder = URL(fileURLWithPath: path)
    }

    /// In the order of their names, so that a run can be repeated.
    func read(_ target: any FuzzTarget) throws -> [[UInt8]] {
        let place = folder.appendingPathComponent(target.name)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".bin") }
        return try names.sorted().map { name in
            // Not by Data(contentsOf:), which leaks a little with an empty file: LeakSanitizer would name it every time.
            let file = try FileHandle(forReadingFrom: place.appendingPathComponent(name))
            return [UInt8](try file.readToEnd() ?? Data())
        }
    }

    /// Replaces what is there.
    func write(_ target: any FuzzTarget, seed: UInt64) throws {
        let place = folder.appendingPathComponent(target.name)
        try? FileManager.default.removeItem(at: place)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        var random = SplitMix64(seed: seed)
        for (name, bytes) in target.corpus(&random) {
            try Data(bytes).write(to: place.appendingPathComponent("\(name).bin"))
        }
    }
}
