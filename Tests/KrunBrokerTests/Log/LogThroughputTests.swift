import Foundation
import KrunBrokerTestSupport
import Testing

@testable import KrunBroker

/// Not a test but a measurement, for `swift test -c release -Xswiftc -enable-testing` with KRUN_LOG_THROUGHPUT set:
/// what an append and a read cost.
@Suite(
    .serialized,
    .enabled(
        if: ProcessInfo.processInfo.environment["KRUN_LOG_THROUGHPUT"] != nil,
        "measures only when KRUN_LOG_THROUGHPUT is set"), .timeLimit(.minutes(2)))
struct LogThroughputTests {
    @Test(arguments: [100, 1000], RecordCompression.allCases)
    func appendAndRead(recordBytes: Int, compression: RecordCompression) throws {
        var builder = RecordBatchBuilder(compression: compression)
        let plain = 1 << 20
        let count = plain / (recordBytes + 10)
        for index in 0..<count {
            let value = (0..<recordBytes).map { UInt8(truncatingIfNeeded: ($0 &* (index | 1)) >> 3) }
            builder.append(timestamp: LogFixture.wall + Int64(index), key: nil, value: value)
        }
        let batch = builder.build()
        let rounds = compression == .none ? 1000 : 100
        var configuration = LogConfiguration()
        configuration.maxMessageBytes = 2 << 20
        let memory = LogMemory()
        let log = PartitionLog(configuration: configuration, memory: memory, now: LogFixture.now())
        let clock = CPUClock()
        let checksum = clock.measure {
            for _ in 0..<rounds {
                batch.withUnsafeBytes { precondition(RecordBatchHeader.checksum(of: $0) != 0) }
            }
        }
        let walk = try clock.measure {
            for _ in 0..<rounds {
                try batch.withUnsafeBytes { bytes in
                    var records = try RecordBatchIterator(
                        header: RecordBatchHeader(parsing: bytes), batch: bytes, maxDecompressedBytes: .max)
                    var record = RawRecord()
                    while try records.next(&record) {}
                }
            }
        }
        let append = try clock.measure {
            for _ in 0..<rounds { _ = try log.append(batch, leaderEpoch: 0, now: LogFixture.now()) }
        }
        let target = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 16)
        defer { target.deallocate() }
        let read = try clock.measure {
            var offset: Int64 = 0
            while offset < log.logEndOffset {
                let slice = try log.read(from: offset, maxBytes: target.count, minOneBatch: true)
                slice.copy(into: target)
                offset = slice.nextOffset
            }
        }
        let bytes = Double(batch.count * rounds)
        func rate(_ time: CPUClock.Time) -> String {
            String(
                format: "%.2f GB/s (%.1f ns a record, %.1f with the system's)", bytes / time.user / 1e9,
                time.user * 1e9 / Double(count * rounds), (time.user + time.system) * 1e9 / Double(count * rounds))
        }
        print(
            "\(compression) \(recordBytes) B, batch of \(batch.count): checksum \(rate(checksum)), walk \(rate(walk)), "
                + "append \(rate(append)), read \(rate(read)), memory \(Double(memory.used) / bytes)")
    }

    /// What a topic of small batches costs: one record each.
    @Test
    func smallBatches() throws {
        let batch = LogFixture.sequenced(1, sequence: 0)
        let log = PartitionLog(now: LogFixture.now())
        let plain = LogFixture.batch(["a value of some length"])
        let rounds = 1_000_000
        let clock = CPUClock()
        let append = try clock.measure {
            for _ in 0..<rounds { _ = try log.append(plain, leaderEpoch: 0, now: LogFixture.now()) }
        }
        var sent = batch
        let idempotent = try clock.measure {
            for index in 0..<Int32(rounds) {
                sent.withUnsafeMutableBytes { bytes in
                    let pointer = bytes.baseAddress!
                    pointer.storeBigEndian(index, at: RecordBatchHeader.Field.baseSequence)
                    let crc = RecordBatchHeader.checksum(of: UnsafeRawBufferPointer(bytes))
                    pointer.storeBigEndian(crc, at: RecordBatchHeader.Field.crc)
                }
                _ = try log.append(sent, leaderEpoch: 0, now: LogFixture.now())
            }
        }
        let reads = try clock.measure {
            var offset: Int64 = 0
            while offset < log.logEndOffset {
                offset = try log.read(from: offset, maxBytes: 500, minOneBatch: true).nextOffset
            }
        }
        func each(_ time: CPUClock.Time) -> Int { Int((time.user + time.system) * 1e9 / Double(rounds)) }
        print(
            "one record a batch: append \(each(append)) ns, idempotent with its checksum \(each(idempotent)) ns, "
                + "read \(each(reads)) ns")
        print("memory \(Double(log.memory.used) / Double(log.sizeInBytes)) of the bytes kept")
    }
}

/// Processor time of this process, which other processes do not lengthen.
private struct CPUClock {
    struct Time {
        var user: Double
        var system: Double
    }

    func measure(_ body: () throws -> Void) rethrows -> Time {
        let start = Self.now
        try body()
        let end = Self.now
        return Time(user: end.user - start.user, system: end.system - start.system)
    }

    private static var now: Time {
        var usage = rusage()
        // RUSAGE_SELF is an enumeration on Linux only.
        getrusage(0, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return Time(user: seconds(usage.ru_utime), system: seconds(usage.ru_stime))
    }
}
