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
    fileprivate init(_ group: GroupSummary) {
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

extension ClusterCore {
    /// Those that this broker coordinates; a client asks every broker.
    func listGroups(_ request: ListGroupsRequest, _ context: RequestContext) -> ListGroupsResponse {
        var response = ListGroupsResponse()
        response.groups = groups.list(states: request.statesFilter, types: request.typesFilter)
            .filter { coordinates(.group, $0.groupId, context) }
            .map { listing in
                var group = ListGroupsResponse.ListedGroup()
                group.groupId = listing.groupId
                group.protocolType = listing.protocolType
                group.groupState = listing.state.rawValue
                group.groupType = listing.type
                return group
            }
        return response
    }
}

extension ClusterCore {
    func deleteGroups(_ request: DeleteGroupsRequest, _ context: RequestContext) -> DeleteGroupsResponse {
        var response = DeleteGroupsResponse()
        for id in request.groupsNames {
            var result = DeleteGroupsResponse.DeletableGroupResult()
            result.groupId = id
            if coordinates(.group, id, context) {
                let (errors, actions) = groups.delete(groups: [id], now: context.now)
                perform(actions, now: context.now)
                result.errorCode = errors[0]
            } else {
                result.errorCode = .notCoordinator
            }
            response.results.append(result)
        }
        return response
    }
}
