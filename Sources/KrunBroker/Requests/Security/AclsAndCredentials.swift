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

/// SCRAM credentials, of which there are none: users are given when the cluster starts, and log in with PLAIN.
extension ClusterCore {
    func describeUserScramCredentials(
        _ request: DescribeUserScramCredentialsRequest, _ context: RequestContext
    ) -> DescribeUserScramCredentialsResponse {
        var response = DescribeUserScramCredentialsResponse()
        response.errorMessage = nil
        let users = request.users ?? []
        let counts = Dictionary(users.map { ($0.name, 1) }, uniquingKeysWith: +)
        var answered: Set<String> = []
        response.results = users.filter { answered.insert($0.name).inserted }.map { user in
            var result = DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult()
            result.user = user.name
            if counts[user.name, default: 0] > 1 {
                result.errorCode = .duplicateResource
                result.errorMessage =
                    "Cannot describe SCRAM credentials for the same user twice in a single request: \(user.name)"
                    .fitting
            } else {
                result.errorCode = .resourceNotFound
                result.errorMessage =
                    "Attempt to describe a user credential that does not exist: \(user.name)".fitting
            }
            return result
        }
        return response
    }

    func alterUserScramCredentials(
        _ request: AlterUserScramCredentialsRequest, _ context: RequestContext
    ) -> AlterUserScramCredentialsResponse {
        var response = AlterUserScramCredentialsResponse()
        let set = Set(request.upsertions.map(\.name))
        response.results = set.union(request.deletions.map(\.name)).sorted().map { name in
            var result = AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult()
            result.user = name
            result.errorCode = set.contains(name) ? .unsupportedSaslMechanism : .resourceNotFound
            result.errorMessage =
                set.contains(name)
                ? "This broker has no SCRAM: its users are given when it starts, and log in with PLAIN."
                : "Attempt to delete a user credential that does not exist"
            return result
        }
        return response
    }
}

extension String {
    /// What a client chose may be in it, and a text of the protocol has 32 767 bytes at most.
    fileprivate var fitting: String {
        utf8.count > 2048 ? String(decoding: utf8.prefix(2048), as: UTF8.self) : self
    }
}
