internal import KrunNames
internal import KrunWire

extension ClusterCore {
    func describeGroups(_ request: DescribeGroupsRequest, _ context: RequestContext) -> DescribeGroupsResponse {
        var response = DescribeGroupsResponse()
        // Each once: else a short request could ask for a very long answer.
        var seen: Set<ExactName> = []
        response.groups = request.groups.filter { seen.insert(ExactName($0)).inserted }.map { id in
            guard coordinates(.group, id, context) else {
                var answer = DescribeGroupsResponse.DescribedGroup()
                answer.groupId = id
                answer.errorCode = .notCoordinator
                return answer
            }
            // Version 6 is the first in which an absent group is an error (KIP-1043).
            let known = groups.describe(groups: [id], knowsGroupIdNotFound: context.version >= 6)
            var answer = DescribeGroupsResponse.DescribedGroup(known[0])
            if request.includeAuthorizedOperations { answer.authorizedOperations = AuthorizedOperations.group }
            return answer
        }
        return response
    }
}

extension DescribeGroupsResponse.DescribedGroup {
    fileprivate init(_ group: GroupDescription) {
        self.init()
        errorCode = group.error
        groupId = group.groupId
        groupState = group.state.rawValue
        protocolType = group.protocolType
        protocolData = group.protocolName
        members = group.members.map { member in
            var item = DescribeGroupsResponse.DescribedGroupMember()
            item.memberId = member.memberId
            item.groupInstanceId = member.instanceId
            item.clientId = member.clientId
            item.clientHost = member.clientHost
            item.memberMetadata = member.metadata
            item.memberAssignment = member.assignment
            return item
        }
    }
}
