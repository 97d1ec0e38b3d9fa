import Dispatch
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A client that sends what it is told, byte by byte, and knows no HTTP.
final class RawConnection: Sendable {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "raw-connection")

    /// - Parameter address: of a server, such as `127.0.0.1:41234`.
    init(_ address: String) throws {
        #if canImport(Glibc)
            let stream = Int32(SOCK_STREAM.rawValue)
        #else
            let stream = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, stream, 0)
        var own = sockaddr_in()
        own.sin_family = sa_family_t(AF_INET)
        own.sin_port = try #require(UInt16(address.split(separator: ":")[1])).bigEndian
        own.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        // A server that does not answer is no reason to wait for ever.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    /// Sends all of it, as far as the other side takes it.
    func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Says that nothing more comes, and goes away.
    func leave() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Reads until the other side ends, or until what was read has a text in it.
    func read(until end: String? = nil) async -> String {
        await withCheckedContinuation { continuation in
            queue.async { [descriptor] in
                var bytes: [UInt8] = []
                var portion = [UInt8](repeating: 0, count: 65_536)
                while true {
                    if let end, String(decoding: bytes, as: UTF8.self).contains(end) { break }
                    let count = recv(descriptor, &portion, portion.count, 0)
                    guard count > 0 else { break }
                    bytes += portion[..<count]
                }
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}

/// An answer as it came.
struct RawAnswer: Equatable {
    let status: String
    let headers: [String]
    let body: String

    init(_ text: String) {
        let parts = text.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        status = lines[0]
        headers = Array(lines.dropFirst())
        body = parts.dropFirst().joined(separator: "\r\n\r\n")
    }

    /// With `<time>` for what a step took, and `<port>` for ports.
    var stableBody: String {
        body.replacing(/"duration": "[^"]*"/, with: "\"duration\": \"<time>\"")
            .replacing(/127\.0\.0\.1:\d+/, with: "127.0.0.1:<port>")
    }
}
