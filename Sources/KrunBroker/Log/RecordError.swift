/// One record of a refused batch and what is wrong with it, as Produce answers from version 8 on (KIP-467).
package struct RecordError: Equatable, Sendable {
    /// The record's place in its batch, from 0.
    package var batchIndex: Int32
    package var message: String

    package init(batchIndex: Int32, message: String) {
        self.batchIndex = batchIndex
        self.message = message
    }
}
