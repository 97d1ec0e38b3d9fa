internal import KrunWire

extension ClusterCore {
    func endTxn(_ request: EndTxnRequest, _ context: RequestContext) -> EndTxnResponse {
        var response = EndTxnResponse()
        if let problem = coordinatorProblem(ofTransaction: request.transactionalId, context) {
            response.errorCode = problem
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
