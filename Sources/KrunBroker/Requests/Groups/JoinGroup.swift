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

extension ClusterCore {
    func leaveGroup(_ request: LeaveGroupRequest, _ context: RequestContext) -> LeaveGroupResponse {
        var response = LeaveGroupResponse()
        guard coordinates(.group, request.groupId, context) else {
            response.errorCode = .notCoordinator
            return response
        }
        let members =
            context.version >= 3
            ? request.members.map {
                LeaveRequest.Member(memberId: $0.memberId, instanceId: $0.groupInstanceId, reason: $0.reason)
            } : [LeaveRequest.Member(memberId: request.memberId)]
        let (answer, actions) = groups.leave(
            LeaveRequest(groupId: request.groupId, members: members), now: context.now)
        perform(actions, now: context.now)
        guard context.version >= 3 else {
            response.errorCode = answer.singleError
            return response
        }
        response.errorCode = answer.error
        response.members = answer.members.map { member in
            var item = LeaveGroupResponse.MemberResponse()
            item.memberId = member.memberId
            item.groupInstanceId = member.instanceId
            item.errorCode = member.error
            return item
        }
        return response
    }
}

extension ClusterCore {
    /// Kafka 3.9 offers the request, and without `group.coordinator.rebalance.protocols=classic,consumer` answers it so. A client that
    /// learns of it from ApiVersions only would wait in silence.
    func consumerGroupHeartbeat(
        _ request: ConsumerGroupHeartbeatRequest, _ context: RequestContext
    ) -> ConsumerGroupHeartbeatResponse {
        tell(.groupProtocolNotServed(group: request.groupId, client: context.clientID))
        return request.response(refusing: .unsupportedVersion, version: context.version)
    }
}
