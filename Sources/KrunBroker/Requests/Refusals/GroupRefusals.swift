internal import KrunWire

extension FindCoordinatorRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> FindCoordinatorResponse {
        var response = FindCoordinatorResponse()
        guard version >= 4 else {
            response.errorCode = code
            response.nodeId = -1
            response.port = -1
            return response
        }
        response.coordinators = coordinatorKeys.map { key in
            var answer = FindCoordinatorResponse.Coordinator()
            answer.key = key
            answer.errorCode = code
            answer.nodeId = -1
            answer.port = -1
            return answer
        }
        return response
    }
}

extension JoinGroupRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> JoinGroupResponse {
        JoinGroupResponse(JoinAnswer(error: code, memberId: memberId), version)
    }
}

extension SyncGroupRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> SyncGroupResponse {
        SyncGroupResponse(SyncAnswer(error: code))
    }
}

extension HeartbeatRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> HeartbeatResponse {
        var response = HeartbeatResponse()
        response.errorCode = code
        return response
    }
}

extension LeaveGroupRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> LeaveGroupResponse {
        var response = LeaveGroupResponse()
        response.errorCode = code
        return response
    }
}

extension OffsetCommitRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> OffsetCommitResponse {
        var response = OffsetCommitResponse()
        response.topics = topics.map { topic in
            var answers = OffsetCommitResponse.OffsetCommitResponseTopic()
            answers.name = topic.name
            answers.partitions = topic.partitions.map { partition in
                var answer = OffsetCommitResponse.OffsetCommitResponsePartition()
                answer.partitionIndex = partition.partitionIndex
                answer.errorCode = code
                return answer
            }
            return answers
        }
        return response
    }
}

extension OffsetFetchRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> OffsetFetchResponse {
        var response = OffsetFetchResponse()
        if version >= 8 {
            response.groups = groups.map { group in
                var answer = OffsetFetchResponse.OffsetFetchResponseGroup()
                answer.groupId = group.groupId
                answer.errorCode = code
                return answer
            }
        } else if version >= 2 {
            response.errorCode = code
        } else {
            response.topics = OffsetFetchResponse.failed(
                (topics ?? []).map { ($0.name, $0.partitionIndexes) }, code)
        }
        return response
    }
}

extension OffsetDeleteRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> OffsetDeleteResponse {
        var response = OffsetDeleteResponse()
        response.errorCode = code
        return response
    }
}

extension DescribeGroupsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeGroupsResponse {
        var response = DescribeGroupsResponse()
        response.groups = groups.map { id in
            var answer = DescribeGroupsResponse.DescribedGroup()
            answer.groupId = id
            answer.errorCode = code
            return answer
        }
        return response
    }
}

extension ListGroupsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> ListGroupsResponse {
        var response = ListGroupsResponse()
        response.errorCode = code
        return response
    }
}

extension DeleteGroupsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DeleteGroupsResponse {
        var response = DeleteGroupsResponse()
        response.results = groupsNames.map { id in
            var result = DeleteGroupsResponse.DeletableGroupResult()
            result.groupId = id
            result.errorCode = code
            return result
        }
        return response
    }
}
