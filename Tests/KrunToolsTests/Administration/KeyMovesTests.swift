import KrunBroker
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunScenario
import Testing

@testable import KrunTools

/// Which keys would move, and what is said of what was not read.
@Suite(.timeLimit(.minutes(2)))
struct KeyMovesTests {
    private func reading(_ records: [(key: String?, partition: Int32)]) -> KeyReading {
        var reading = KeyReading()
        for record in records {
            let key = record.key.map { Array($0.utf8) }
            let isTaken =
                key?.withUnsafeBytes { reading.add($0, partition: record.partition) }
                ?? reading.add(nil, partition: record.partition)
            #expect(isTaken)
        }
        return reading
    }

    private func moves(
        _ records: [(key: String?, partition: Int32)], to total: Int = 6,
        _ change: (inout KeyMoves.Request) -> Void = { _ in }
    ) -> KeyMoves {
        var request = KeyMoves.Request(topic: "orders", total: total)
        change(&request)
        return KeyMoves(request, before: 3, reading(records))
    }

    /// alice goes from 0 to 3, dave from 1 to 4; bob and carol stay.
    @Test func keysAndWhereTheyGo() {
        let moves = moves([("alice", 0), ("alice", 0), ("bob", 0), ("dave", 1), ("carol", 2), (nil, 2)])
        #expect(
            moves.text(.plain) == """
                topic orders has 3 partitions and would have 6; nothing was changed
                  key    records  from  to
                  alice        2     0   3
                  dave         1     1   4
                2 of 4 keys would move, with 3 of 6 records, by murmur2_random
                1 record has no key that decides a partition

                """)
        #expect(
            moves.json.text(pretty: false)
                == #"{"name":"orders","partitionCountBefore":3,"partitionCount":6,"added":false,"partitioner":"murmur2_random","#
                + #""recordsRead":6,"offsetsNotRead":0,"recordsWithoutKey":1,"keyCount":4,"#
                + #""moves":[{"key":"alice","records":2,"from":0,"to":3},{"key":"dave","records":1,"from":1,"to":4}]}"#)
        #expect(moves.remarks == [])
    }

    @Test func theFirstTwentyAreShownAndTheOthersCounted() {
        let keys = (0..<100).map { "k\($0)" }.filter { key in
            let places = [3, 6].map { Partitioner.murmur2Random.partition(forKey: Array(key.utf8), partitions: $0) }
            return places[0] != places[1]
        }
        #expect(keys.count > 22)
        let records = keys.flatMap { key -> [(key: String?, partition: Int32)] in
            let place = Partitioner.murmur2Random.partition(forKey: Array(key.utf8), partitions: 3) ?? 0
            return [(key, place), (key, place)]
        }
        let lines = moves(records).text(.plain).split(separator: "\n")
        #expect(lines.count == 24)
        #expect(lines[22] == "  and \(keys.count - 20) more keys with \(2 * (keys.count - 20)) records")
        #expect(
            lines[23]
                == "\(keys.count) of \(keys.count) keys would move, with \(2 * keys.count) of \(2 * keys.count) records, by murmur2_random"
        )
    }

    /// crc32 has alice on 2, bob on 1.
    @Test func anotherPartitionerExplainsWhereTheyAre() {
        let places = ["alice", "bob"].map { key -> (key: String?, partition: Int32) in
            (key, Partitioner.consistentRandom.partition(forKey: Array(key.utf8), partitions: 3) ?? 0)
        }
        #expect(
            moves(places).remarks == [
                Diagnostic(
                    .warning, "2 keys lie on other partitions than murmur2_random puts them on",
                    notes: ["consistent_random explains where all of them are: --partitioner consistent_random"])
            ])
        #expect(moves(places) { $0.partitioner = .consistentRandom }.remarks == [])
        #expect(
            moves([("alice", 0), ("alice", 1)]).remarks == [
                Diagnostic(
                    .warning, "1 key lies on other partitions than murmur2_random puts it on",
                    notes: [
                        "no partitioner explains where all of them are: producers may use several, or name partitions"
                    ])
            ])
    }

    @Test(
        arguments: [
            ([10, 10, 10], 100, [10, 10, 10]), ([10, 10, 10], 9, [3, 3, 3]), ([1, 100, 10], 21, [1, 10, 10]),
            ([1, 100, 10], 15, [1, 7, 7]), ([0, 5], 1, [0, 1]), ([5, 5, 5], 2, [0, 1, 1]), ([], 5, []),
        ] as [([Int64], Int64, [Int64])])
    func eachPartitionHasItsShare(_ sizes: [Int64], _ limit: Int64, _ shares: [Int64]) {
        #expect(KeyReading.shares(of: sizes, limit: limit) == shares)
    }

    /// Nothing is changed, and what was left out is counted.
    @Test func aTopicIsReadAndLeftAsItIs() async throws {
        try await onThread {
            let place = try AdministrationPlace()
            try place.cluster.createTopic("orders", partitions: 3)
            try place.send((0..<8).map(String.init), to: 0)
            try place.send(["8", "9"], to: 2)
            var request = KeyMoves.Request(topic: "orders", total: 4)
            request.limit = 5
            let moves = try KeyMoves.read(request, from: place.connection)
            #expect(moves.reading.records == 5)
            #expect(moves.reading.withoutKey == 5)
            #expect(
                moves.remarks == [
                    Diagnostic(
                        .warning, "not all was read: 5 offsets before the last 5 records were left out",
                        notes: ["--limit 5 bounds it; keys that are only there are not told"])
                ])
            #expect(
                moves.text(.plain) == """
                    topic orders has 3 partitions and would have 4; nothing was changed
                    0 of 0 keys would move, with 0 of 5 records, by murmur2_random
                    5 records have no key that decides a partition

                    """)
            #expect(try place.connection.topics(named: ["orders"])[0].partitions.count == 3)
        }
    }
}
