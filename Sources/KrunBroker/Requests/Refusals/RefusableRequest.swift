internal import KrunWire

/// A request that can be answered with one error wherever its answer has a place for errors, without anything being done.
protocol RefusableRequest: KafkaRequest {
    func response(refusing code: ErrorCode, version: Int16) -> Response
}

extension ClusterCore {
    /// Answers with an error that was asked for. What has no place for one in its answer loses its connection.
    func refuse(_ request: Request, with code: ErrorCode, _ exchange: Exchange) {
        if case .produce(let produce) = request, produce.acks == 0 {
            return endWithoutAnswer(exchange, error: code)
        }
        guard let message = request.message as? any RefusableRequest else {
            exchange.connection.close(.fault)
            return
        }
        refuse(message, with: code, exchange)
    }

    private func refuse<R: RefusableRequest>(_ request: R, with code: ErrorCode, _ exchange: Exchange) {
        answer(request, request.response(refusing: code, version: exchange.header.apiVersion), exchange, error: code)
    }
}
