internal import KrunWire

extension DescribeAclsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeAclsResponse {
        var response = DescribeAclsResponse()
        response.errorCode = code
        response.errorMessage = nil
        return response
    }
}

extension CreateAclsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> CreateAclsResponse {
        var response = CreateAclsResponse()
        response.results = creations.map { _ in
            var result = CreateAclsResponse.AclCreationResult()
            result.errorCode = code
            result.errorMessage = nil
            return result
        }
        return response
    }
}

extension DeleteAclsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DeleteAclsResponse {
        var response = DeleteAclsResponse()
        response.filterResults = filters.map { _ in
            var result = DeleteAclsResponse.DeleteAclsFilterResult()
            result.errorCode = code
            result.errorMessage = nil
            return result
        }
        return response
    }
}

extension DescribeUserScramCredentialsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeUserScramCredentialsResponse {
        var response = DescribeUserScramCredentialsResponse()
        response.errorCode = code
        response.errorMessage = nil
        return response
    }
}

extension AlterUserScramCredentialsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> AlterUserScramCredentialsResponse {
        var response = AlterUserScramCredentialsResponse()
        response.results = Set(upsertions.map(\.name)).union(deletions.map(\.name)).sorted().map { name in
            var result = AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult()
            result.user = name
            result.errorCode = code
            result.errorMessage = nil
            return result
        }
        return response
    }
}

extension DescribeClientQuotasRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeClientQuotasResponse {
        var response = DescribeClientQuotasResponse()
        response.errorCode = code
        response.errorMessage = nil
        response.entries = nil
        return response
    }
}

extension AlterClientQuotasRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> AlterClientQuotasResponse {
        var response = AlterClientQuotasResponse()
        response.entries = entries.map { entry in
            var answer = AlterClientQuotasResponse.EntryData()
            answer.errorCode = code
            answer.errorMessage = nil
            answer.entity = entry.entity.map { entity in
                var item = AlterClientQuotasResponse.EntityData()
                item.entityType = entity.entityType
                item.entityName = entity.entityName
                return item
            }
            return answer
        }
        return response
    }
}

extension DescribeQuorumRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeQuorumResponse {
        var response = DescribeQuorumResponse()
        response.errorCode = code
        response.errorMessage = nil
        return response
    }
}

extension UpdateFeaturesRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> UpdateFeaturesResponse {
        var response = UpdateFeaturesResponse()
        response.errorCode = code
        response.errorMessage = nil
        return response
    }
}

extension ConsumerGroupHeartbeatRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> ConsumerGroupHeartbeatResponse {
        var response = ConsumerGroupHeartbeatResponse()
        response.errorCode = code
        return response
    }
}
