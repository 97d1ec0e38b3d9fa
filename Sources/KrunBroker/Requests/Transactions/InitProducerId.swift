internal import KrunWire

extension ClusterCore {
    func initProducerId(_ request: InitProducerIdRequest, _ context: RequestContext) -> InitProducerIdResponse {
        var response = InitProducerIdResponse()
        response.producerEpoch = -1
        if let id = request.transactionalId, !id.isEmpty, let problem = coordinatorProblem(ofTransaction: id, context) {
            response.errorCode = problem
            return response
        }
        let answer = transactions.initProducerId(
            transactionalId: request.transactionalId, timeoutMilliseconds: request.transactionTimeoutMs,
            producerId: request.producerId, producerEpoch: request.producerEpoch, apiVersion: context.version,
            now: context.now)
        perform(answer.actions, now: context.now)
        response.errorCode = answer.errorCode
        response.producerId = answer.producerId
        response.producerEpoch = answer.producerEpoch
        return response
    }
}
