/// The transactional ids that ListTransactions found.
package struct TransactionListing: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package let transactionalId: String
        package let producerId: Int64
        /// Kafka's name of the state.
        package let state: String
    }

    /// The states asked for that do not exist.
    package var unknownStateFilters: [String] = []
    /// In order of transactional id.
    package var transactions: [Entry] = []
}
