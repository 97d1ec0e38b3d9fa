internal import KrunWire

/// Quotas, of which there are none.
extension ClusterCore {
    func describeClientQuotas(
        _ request: DescribeClientQuotasRequest, _ context: RequestContext
    ) -> DescribeClientQuotasResponse {
        var response = DescribeClientQuotasResponse()
        response.errorMessage = nil
        return response
    }

    func alterClientQuotas(
        _ request: AlterClientQuotasRequest, _ context: RequestContext
    ) -> AlterClientQuotasResponse {
        var response = AlterClientQuotasResponse()
        response.entries = request.entries.map { entry in
            var answer = AlterClientQuotasResponse.EntryData()
            answer.errorCode = .invalidRequest
            answer.errorMessage = "This broker has no quotas."
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
