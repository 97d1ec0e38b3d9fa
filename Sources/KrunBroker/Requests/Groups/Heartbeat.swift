internal import KrunWire

extension ClusterCore {
    func heartbeat(_ request: HeartbeatRequest, _ context: RequestContext) -> HeartbeatResponse {
        var response = HeartbeatResponse()
        guard coordinates(.group, request.groupId, context) else {
            response.errorCode = .notCoordinator
            return response
        }
        response.errorCode = groups.heartbeat(
            MemberHeartbeat(
                groupId: request.groupId, generation: request.generationId, memberId: request.memberId,
                instanceId: request.groupInstanceId),
            now: context.now)
        return response
    }
}
