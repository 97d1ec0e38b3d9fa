extension RecordBatchHeader {
    /// The header of what may be a batch, without a judgement; nil where it is too short to be one.
    init?(peekingAt bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.size, let pointer = bytes.baseAddress else { return nil }
        self.init(loading: pointer)
    }
}
