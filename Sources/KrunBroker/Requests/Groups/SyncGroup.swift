internal import KrunWire

extension ClusterCore {
    func syncGroup(_ request: SyncGroupRequest, _ context: RequestContext, reply: @escaping (SyncGroupResponse) -> Void)
    {
        guard coordinates(.group, request.groupId, context) else {
            return reply(SyncGroupResponse(SyncAnswer(error: .notCoordinator)))
        }
        if context.version >= 5, request.protocolType == nil || request.protocolName == nil {
            return reply(SyncGroupResponse(SyncAnswer(error: .inconsistentGroupProtocol)))
        }
        let token = ReplyToken(UInt64(nextNumber()))
        syncing[token] = { reply(SyncGroupResponse($0)) }
        let sync = SyncRequest(
            token: token, groupId: request.groupId, generation: request.generationId, memberId: request.memberId,
            instanceId: request.groupInstanceId, protocolType: request.protocolType, protocolName: request.protocolName,
            assignments: request.assignments.map {
                SyncRequest.Assignment(memberId: $0.memberId, assignment: $0.assignment)
            })
        perform(groups.sync(sync, now: context.now), now: context.now)
    }
}

extension SyncGroupResponse {
    init(_ answer: SyncAnswer) {
        self.init()
        errorCode = answer.error
        protocolType = answer.protocolType
        protocolName = answer.protocolName
        assignment = answer.assignment
    }
}
