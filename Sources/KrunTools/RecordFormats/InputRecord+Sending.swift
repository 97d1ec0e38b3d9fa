package import KrunKafka
package import KrunScenario

/// A record as the producer takes it.
extension InputRecord {
    /// Hands out key and value, valid during the call.
    package func withKeyAndValue<Result, Failure: Error>(
        _ body: (_ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // `withUnsafeBytes` rethrows untyped errors; the result carries the typed one across.
        try bytes.withUnsafeBytes { bytes in
            Swift.Result { () throws(Failure) in
                try body(
                    key.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) },
                    value.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) })
            }
        }.get()
    }

    /// The headers in their order.
    package var headers: [RecordHeader] {
        headerRanges.map { header in
            RecordHeader(
                String(decoding: bytes[header.key], as: UTF8.self), header.value.map { Array(bytes[$0]) })
        }
    }
}
