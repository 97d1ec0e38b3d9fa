/// The broker configs that the transaction coordinator obeys.
package struct TransactionSettings: Equatable, Sendable {
    /// `transaction.max.timeout.ms`: no producer may ask for a longer transaction timeout.
    package var maximumTimeoutMilliseconds: Int32
    /// `transactional.id.expiration.ms`: how long an unused transactional id is remembered.
    package var idExpirationMilliseconds: Int32

    package init(maximumTimeoutMilliseconds: Int32 = 900_000, idExpirationMilliseconds: Int32 = 604_800_000) {
        self.maximumTimeoutMilliseconds = maximumTimeoutMilliseconds
        self.idExpirationMilliseconds = idExpirationMilliseconds
    }
}
