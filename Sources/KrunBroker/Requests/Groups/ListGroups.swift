internal import KrunWire

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
