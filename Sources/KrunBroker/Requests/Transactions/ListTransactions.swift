internal import KrunWire

extension ClusterCore {
    /// Those that this broker coordinates; a client asks every broker.
    func listTransactions(_ request: ListTransactionsRequest, _ context: RequestContext) -> ListTransactionsResponse {
        var response = ListTransactionsResponse()
        let listing = transactions.list(
            states: request.stateFilters, producerIds: request.producerIdFilters,
            longerThanMilliseconds: request.durationFilter, now: context.now)
        response.unknownStateFilters = listing.unknownStateFilters
        response.transactionStates =
            listing.transactions.filter { coordinates(.transaction, $0.transactionalId, context) }.map { entry in
                var state = ListTransactionsResponse.TransactionState()
                state.transactionalId = entry.transactionalId
                state.producerId = entry.producerId
                state.transactionState = entry.state
                return state
            }
        return response
    }
}
