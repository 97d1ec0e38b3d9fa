internal import KrunWire

extension MetadataRequest: RefusableRequest {
    /// In every topic that was asked for: the answer has no other place.
    func response(refusing code: ErrorCode, version: Int16) -> MetadataResponse {
        var response = MetadataResponse()
        response.topics = (topics ?? []).map { wanted in
            var topic = MetadataResponse.MetadataResponseTopic()
            topic.name = wanted.name ?? (version >= 12 ? nil : "")
            topic.topicId = wanted.topicId
            topic.errorCode = code
            return topic
        }
        return response
    }
}

extension ApiVersionsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> ApiVersionsResponse {
        var response = ApiVersionsResponse()
        response.errorCode = code
        return response
    }
}

extension DescribeClusterRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeClusterResponse {
        var response = DescribeClusterResponse()
        response.errorCode = code
        return response
    }
}

extension DescribeLogDirsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeLogDirsResponse {
        var response = DescribeLogDirsResponse()
        if version >= 3 { response.errorCode = code }
        return response
    }
}

extension CreateTopicsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> CreateTopicsResponse {
        var response = CreateTopicsResponse()
        response.topics = topics.map { topic in
            var result = CreateTopicsResponse.CreatableTopicResult()
            result.name = topic.name
            result.errorCode = code
            result.configs = version >= 5 ? [] : nil
            return result
        }
        return response
    }
}

extension DeleteTopicsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DeleteTopicsResponse {
        var response = DeleteTopicsResponse()
        let wanted = version >= 6 ? topics.map { ($0.name, $0.topicId) } : topicNames.map { ($0, .zero) }
        response.responses = wanted.map { name, id in
            var result = DeleteTopicsResponse.DeletableTopicResult()
            result.name = name
            result.topicId = id
            result.errorCode = code
            return result
        }
        return response
    }
}

extension CreatePartitionsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> CreatePartitionsResponse {
        var response = CreatePartitionsResponse()
        response.results = topics.map { topic in
            var result = CreatePartitionsResponse.CreatePartitionsTopicResult()
            result.name = topic.name
            result.errorCode = code
            return result
        }
        return response
    }
}

extension DescribeTopicPartitionsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeTopicPartitionsResponse {
        var response = DescribeTopicPartitionsResponse()
        response.topics = topics.map { topic in
            var answer = DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic()
            answer.name = topic.name
            answer.errorCode = code
            return answer
        }
        return response
    }
}

extension ElectLeadersRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> ElectLeadersResponse {
        var response = ElectLeadersResponse()
        if version >= 1 { response.errorCode = code }
        return response
    }
}

extension ListPartitionReassignmentsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> ListPartitionReassignmentsResponse {
        var response = ListPartitionReassignmentsResponse()
        response.errorCode = code
        return response
    }
}

extension DescribeConfigsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeConfigsResponse {
        var response = DescribeConfigsResponse()
        response.results = resources.map { resource in
            var result = DescribeConfigsResponse.DescribeConfigsResult()
            result.resourceType = resource.resourceType
            result.resourceName = resource.resourceName
            result.errorCode = code
            return result
        }
        return response
    }
}

extension AlterConfigsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> AlterConfigsResponse {
        var response = AlterConfigsResponse()
        response.responses = resources.map { resource in
            var result = AlterConfigsResponse.AlterConfigsResourceResponse()
            result.resourceType = resource.resourceType
            result.resourceName = resource.resourceName
            result.errorCode = code
            return result
        }
        return response
    }
}

extension IncrementalAlterConfigsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> IncrementalAlterConfigsResponse {
        var response = IncrementalAlterConfigsResponse()
        response.responses = resources.map { resource in
            var result = IncrementalAlterConfigsResponse.AlterConfigsResourceResponse()
            result.resourceType = resource.resourceType
            result.resourceName = resource.resourceName
            result.errorCode = code
            return result
        }
        return response
    }
}

extension SaslHandshakeRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> SaslHandshakeResponse {
        var response = SaslHandshakeResponse()
        response.errorCode = code
        return response
    }
}

extension SaslAuthenticateRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> SaslAuthenticateResponse {
        var response = SaslAuthenticateResponse()
        response.errorCode = code
        return response
    }
}
