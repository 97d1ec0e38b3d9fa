internal import KrunWire

extension ClusterCore {
    func joinGroup(_ request: JoinGroupRequest, _ context: RequestContext, reply: @escaping (JoinGroupResponse) -> Void)
    {
        guard coordinates(.group, request.groupId, context) else {
            return reply(
                JoinGroupResponse(JoinAnswer(error: .notCoordinator, memberId: request.memberId), context.version))
        }
        let token = ReplyToken(UInt64(nextNumber()))
        joining[token] = { reply(JoinGroupResponse($0, context.version)) }
        let session = Duration.milliseconds(Int64(request.sessionTimeoutMs))
        let join = JoinRequest(
            token: token, groupId: request.groupId, memberId: request.memberId, instanceId: request.groupInstanceId,
            clientId: context.clientID ?? "", clientHost: context.clientHost, sessionTimeout: session,
            rebalanceTimeout: context.version == 0
                ? session : .milliseconds(Int64(max(0, request.rebalanceTimeoutMs))),
            protocolType: request.protocolType,
            protocols: request.protocols.map { MemberProtocol(name: $0.name, metadata: $0.metadata) },
            // KIP-394: a static member is known by its instance id.
            requireKnownMemberId: context.version >= 4 && request.groupInstanceId == nil,
            supportsSkippingAssignment: context.version >= 9, reason: request.reason)
        perform(groups.join(join, now: context.now), now: context.now)
    }
}

extension JoinGroupResponse {
    init(_ answer: JoinAnswer, _ version: Int16) {
        self.init()
        errorCode = answer.error
        generationId = answer.generation
        protocolType = answer.protocolType
        // Null only where the version has null.
        protocolName = answer.protocolName ?? (version >= 7 ? nil : "")
        leader = answer.leader
        skipAssignment = answer.skipAssignment
        memberId = answer.memberId
        members = answer.members.map { member in
            var item = JoinGroupResponseMember()
            item.memberId = member.memberId
            item.groupInstanceId = member.instanceId
            item.metadata = member.metadata
            return item
        }
    }
}
