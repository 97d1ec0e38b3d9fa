import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `krun broker` whose stderr nobody reads.
@Suite(.gated, .timeLimit(.minutes(10)))
struct BrokerCommandTests {
    /// The log of a thousand connections does not fit into the pipe; the broker serves all the same, and ends when it is told to.
    @Test func aLogThatNobodyReadsHoldsUpNobody() async throws {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = try CommandRun.executable()
        process.arguments = ["broker", "--port", "0", "-v"]
        process.currentDirectoryURL = folder.url
        process.environment = CommandRun.surroundings()
        process.standardInput = FileHandle.nullDevice
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        let (ends, end) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in end.finish() }
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

        try #require(await output.hasSomething(within: .seconds(30)))
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let address = try #require(line.split(separator: "=").last?.trimmingCharacters(in: .newlines))
        let port = try #require(UInt16(address.split(separator: ":").last ?? ""))
        for _ in 0..<1000 { try connectAndClose(port) }
        try #require(await error.hasSomething(within: .seconds(30)))
        let run = try await CommandRun.krun(["clean", "--brokers", address], in: folder.url)
        #expect(run.output == "no topics or groups that krun made at least 1h ago\n")
        // A busy machine may keep it waiting, and then it says so.
        #expect(run.error.split(separator: "\n").filter { !$0.hasPrefix("waiting for an answer of ") } == [])

        kill(process.processIdentifier, SIGTERM)
        for await _ in ends {}
        #expect(process.terminationStatus == 0 && process.terminationReason == .exit)
        withExtendedLifetime((folder, output, error)) {}
    }

    private func connectAndClose(_ port: UInt16) throws {
        #if canImport(Glibc)
            let stream = Int32(SOCK_STREAM.rawValue)
        #else
            let stream = SOCK_STREAM
        #endif
        let descriptor = socket(AF_INET, stream, 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }
}
