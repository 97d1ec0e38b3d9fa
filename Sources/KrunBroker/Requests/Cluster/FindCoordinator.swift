internal import KrunWire

extension ClusterCore {
    func findCoordinator(_ request: FindCoordinatorRequest, _ context: RequestContext) -> FindCoordinatorResponse {
        var response = FindCoordinatorResponse()
        if context.version >= 4 {
            response.coordinators = request.coordinatorKeys.map { coordinator($0, type: request.keyType) }
        } else {
            let found = coordinator(request.key, type: request.keyType)
            response.errorCode = found.errorCode
            response.errorMessage = found.errorMessage
            response.nodeId = found.nodeId
            response.host = found.host
            response.port = found.port
        }
        return response
    }

    private func coordinator(_ key: String, type: Int8) -> FindCoordinatorResponse.Coordinator {
        var answer = FindCoordinatorResponse.Coordinator()
        answer.key = key
        answer.nodeId = -1
        answer.port = -1
        let kind: CoordinatorTable.Kind
        switch type {
        case 0: kind = .group
        case 1: kind = .transaction
        default:
            answer.errorCode = .invalidRequest
            answer.errorMessage = "there is no coordinator of type \(type)"
            return answer
        }
        guard let id = self.coordinator(kind, key), let node = node(id) else {
            answer.errorCode = .coordinatorNotAvailable
            answer.errorMessage = "no broker is available to coordinate it"
            return answer
        }
        answer.nodeId = id
        answer.host = node.advertisedHost
        answer.port = Int32(node.port)
        return answer
    }

    /// Whether this broker coordinates it; others answer NOT_COORDINATOR.
    func coordinates(_ kind: CoordinatorTable.Kind, _ id: String, _ context: RequestContext) -> Bool {
        coordinator(kind, id) == context.broker
    }
}
