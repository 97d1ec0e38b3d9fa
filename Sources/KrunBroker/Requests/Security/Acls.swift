internal import KrunWire

/// ACLs, as a Kafka without an authorizer answers.
extension ClusterCore {
    func describeAcls(_ request: DescribeAclsRequest, _ context: RequestContext) -> DescribeAclsResponse {
        var response = DescribeAclsResponse()
        response.errorCode = .securityDisabled
        response.errorMessage = "No Authorizer is configured on the broker"
        return response
    }

    func createAcls(_ request: CreateAclsRequest, _ context: RequestContext) -> CreateAclsResponse {
        var response = CreateAclsResponse()
        response.results = request.creations.map { _ in
            var result = CreateAclsResponse.AclCreationResult()
            result.errorCode = .securityDisabled
            result.errorMessage = "No Authorizer is configured."
            return result
        }
        return response
    }

    func deleteAcls(_ request: DeleteAclsRequest, _ context: RequestContext) -> DeleteAclsResponse {
        var response = DeleteAclsResponse()
        response.filterResults = request.filters.map { _ in
            var result = DeleteAclsResponse.DeleteAclsFilterResult()
            result.errorCode = .securityDisabled
            result.errorMessage = "No Authorizer is configured."
            return result
        }
        return response
    }
}
