internal import KrunWire

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
