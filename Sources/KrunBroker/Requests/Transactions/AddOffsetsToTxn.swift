internal import KrunWire

extension ClusterCore {
    func addOffsetsToTxn(_ request: AddOffsetsToTxnRequest, _ context: RequestContext) -> AddOffsetsToTxnResponse {
        var response = AddOffsetsToTxnResponse()
        guard coordinates(.transaction, request.transactionalId, context) else {
            response.errorCode = .notCoordinator
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
