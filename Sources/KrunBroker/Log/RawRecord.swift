/// A record as it lies in a batch: deltas, and where its parts are. The pointers are good for as long as the batch's
/// bytes are.
struct RawRecord {
    var timestampDelta: Int64 = 0
    var offsetDelta: Int32 = 0
    /// nil for no key; the same with the value, where it makes a tombstone.
    var key: UnsafeRawBufferPointer?
    var value: UnsafeRawBufferPointer?
    var headerCount: Int32 = 0
    /// The headers' bytes, already known to be well formed.
    var headers = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Of the whole record, its length included.
    var sizeInBytes = 0
}
