internal import KrunWire

extension ClusterCore {
    func endTxn(_ request: EndTxnRequest, _ context: RequestContext) -> EndTxnResponse {
        var response = EndTxnResponse()
        guard coordinates(.transaction, request.transactionalId, context) else {
            response.errorCode = .notCoordinator
            return response
        }
        let answer = transactions.endTransaction(
            transactionalId: request.transactionalId, producerId: request.producerId,
            producerEpoch: request.producerEpoch, commit: request.committed, apiVersion: context.version,
            now: context.now)
        perform(answer.actions, now: context.now)
        response.errorCode = answer.errorCode
        return response
    }
}
