internal import KrunWire

extension ClusterCore {
    func addOffsetsToTxn(_ request: AddOffsetsToTxnRequest, _ context: RequestContext) -> AddOffsetsToTxnResponse {
        var response = AddOffsetsToTxnResponse()
        if let problem = coordinatorProblem(ofTransaction: request.transactionalId, context) {
            response.errorCode = problem
            return response
        }
        let answer = transactions.addOffsets(
            group: request.groupId, transactionalId: request.transactionalId, producerId: request.producerId,
            producerEpoch: request.producerEpoch, apiVersion: context.version, now: context.now)
        perform(answer.actions, now: context.now)
        response.errorCode = answer.errorCode
        return response
    }
}
