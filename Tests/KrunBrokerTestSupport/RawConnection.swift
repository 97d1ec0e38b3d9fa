#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Bytes of Kafka's protocol in its old, fixed form.
package struct RawBytes {
    package private(set) var all: [UInt8] = []

    package mutating func number(_ value: Int, bytes count: Int) {
        for index in 0..<count { all.append(UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - index)))) }
    }

    package mutating func text(_ text: String) {
        number(text.utf8.count, bytes: 2)
        all += text.utf8
    }

    package mutating func bytes(_ bytes: [UInt8]) {
        number(bytes.count, bytes: 4)
        all += bytes
    }
}

/// One blocking connection; requests are of version 0.
final class RawConnection: Sendable {
    struct Answer {
        var rest: ArraySlice<UInt8>

        mutating func number(bytes count: Int) throws -> Int {
            guard rest.count >= count else { throw RawMember.Trouble.closed }
            let bits = rest.prefix(count).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            rest = rest.dropFirst(count)
            return count == 2 ? Int(Int16(truncatingIfNeeded: bits)) : Int(Int32(truncatingIfNeeded: bits))
        }

        mutating func text() throws -> String {
            let count = max(0, try number(bytes: 2))
            defer { rest = rest.dropFirst(count) }
            return String(decoding: rest.prefix(count), as: UTF8.self)
        }

        mutating func blob() throws -> [UInt8] {
            let count = max(0, try number(bytes: 4))
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
    }

    private let descriptor: Int32
    private let clientID: String

    init(port: Int, clientID: String) throws {
        self.clientID = clientID
        #if canImport(Darwin)
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw RawMember.Trouble.cannotConnect(errno) }
    }

    deinit { close(descriptor) }

    func ask<Result>(
        _ key: Int, _ write: (inout RawBytes) -> Void, read: (inout Answer) throws -> Result
    ) throws -> Result {
        var request = RawBytes()
        request.number(key, bytes: 2)
        request.number(0, bytes: 2)
        request.number(7, bytes: 4)
        request.text(clientID)
        write(&request)
        var frame = RawBytes()
        frame.bytes(request.all)
        try send(frame.all)
        var size = Answer(rest: try receive(4)[...])
        var answer = Answer(rest: try receive(size.number(bytes: 4))[...])
        _ = try answer.number(bytes: 4)
        return try read(&answer)
    }

    private func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
            guard count > 0 else { throw RawMember.Trouble.closed }
            rest = rest.dropFirst(count)
        }
    }

    private func receive(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < count {
            let limit = min(buffer.count, count - bytes.count)
            let came = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress!, limit) }
            guard came > 0 else { throw RawMember.Trouble.closed }
            bytes += buffer.prefix(came)
        }
        return bytes
    }
}
