internal import KrunWire

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
