internal import KrunWire

extension ClusterCore {
    /// Has a request done by the extension that knows how, and answered: at once, or when what it waits for has come.
    func dispatch(_ request: Request, _ context: RequestContext, _ exchange: Exchange) {
        switch request {
        case .produce(let r):
            produce(r, context) { response in
                let error = response.firstError
                if r.acks != 0 {
                    self.answer(r, response, exchange, error: error)
                } else {
                    self.endWithoutAnswer(exchange, error: error)
                }
            }
        case .fetch(let r): fetch(r, context) { self.answer(r, $0, exchange, error: $0.firstError) }
        case .listOffsets(let r): listOffsets(r, context) { self.answer(r, $0, exchange) }
        case .offsetForLeaderEpoch(let r): answer(r, offsetForLeaderEpoch(r, context), exchange)
        case .deleteRecords(let r): answer(r, deleteRecords(r, context), exchange)

        case .apiVersions(let r): answer(r, apiVersions(r, context), exchange)
        case .metadata(let r): answer(r, metadata(r, context), exchange)
        case .describeCluster(let r): answer(r, describeCluster(r, context), exchange)
        case .describeLogDirs(let r): answer(r, describeLogDirs(r, context), exchange)
        case .findCoordinator(let r): answer(r, findCoordinator(r, context), exchange)

        case .createTopics(let r): answer(r, createTopics(r, context), exchange)
        case .deleteTopics(let r): answer(r, deleteTopics(r, context), exchange)
        case .createPartitions(let r): answer(r, createPartitions(r, context), exchange)
        case .describeTopicPartitions(let r): answer(r, describeTopicPartitions(r, context), exchange)
        case .electLeaders(let r): answer(r, electLeaders(r, context), exchange)
        case .listPartitionReassignments(let r): answer(r, listPartitionReassignments(r, context), exchange)

        case .describeConfigs(let r): answer(r, describeConfigs(r, context), exchange)
        case .alterConfigs(let r): answer(r, alterConfigs(r, context), exchange)
        case .incrementalAlterConfigs(let r): answer(r, incrementalAlterConfigs(r, context), exchange)

        case .describeAcls(let r): answer(r, describeAcls(r, context), exchange, error: .securityDisabled)
        case .createAcls(let r): answer(r, createAcls(r, context), exchange, error: .securityDisabled)
        case .deleteAcls(let r): answer(r, deleteAcls(r, context), exchange, error: .securityDisabled)
        case .describeClientQuotas(let r): answer(r, describeClientQuotas(r, context), exchange)
        case .alterClientQuotas(let r): answer(r, alterClientQuotas(r, context), exchange)
        case .describeUserScramCredentials(let r): answer(r, describeUserScramCredentials(r, context), exchange)
        case .alterUserScramCredentials(let r): answer(r, alterUserScramCredentials(r, context), exchange)
        case .describeQuorum(let r): answer(r, describeQuorum(r, context), exchange)
        case .updateFeatures(let r): answer(r, updateFeatures(r, context), exchange)

        case .consumerGroupHeartbeat(let r):
            answer(r, consumerGroupHeartbeat(r, context), exchange, error: .unsupportedVersion)
        case .joinGroup(let r): joinGroup(r, context) { self.answer(r, $0, exchange, error: $0.errorCode) }
        case .syncGroup(let r): syncGroup(r, context) { self.answer(r, $0, exchange, error: $0.errorCode) }
        case .heartbeat(let r):
            let response = heartbeat(r, context)
            answer(r, response, exchange, error: response.errorCode)
        case .leaveGroup(let r):
            let response = leaveGroup(r, context)
            answer(r, response, exchange, error: response.errorCode)
        case .offsetCommit(let r): answer(r, offsetCommit(r, context), exchange)
        case .offsetFetch(let r): answer(r, offsetFetch(r, context), exchange)
        case .offsetDelete(let r):
            let response = offsetDelete(r, context)
            answer(r, response, exchange, error: response.errorCode)
        case .describeGroups(let r): answer(r, describeGroups(r, context), exchange)
        case .listGroups(let r): answer(r, listGroups(r, context), exchange)
        case .deleteGroups(let r): answer(r, deleteGroups(r, context), exchange)

        case .initProducerId(let r):
            let response = initProducerId(r, context)
            answer(r, response, exchange, error: response.errorCode)
        case .addPartitionsToTxn(let r): answer(r, addPartitionsToTxn(r, context), exchange)
        case .addOffsetsToTxn(let r):
            let response = addOffsetsToTxn(r, context)
            answer(r, response, exchange, error: response.errorCode)
        case .endTxn(let r):
            let response = endTxn(r, context)
            answer(r, response, exchange, error: response.errorCode)
        case .txnOffsetCommit(let r): answer(r, txnOffsetCommit(r, context), exchange)
        case .describeProducers(let r): answer(r, describeProducers(r, context), exchange)
        case .listTransactions(let r): answer(r, listTransactions(r, context), exchange)
        case .describeTransactions(let r): answer(r, describeTransactions(r, context), exchange)

        case .saslHandshake(let r):
            let response = saslHandshake(r, context)
            // As in Kafka the connection ends with it.
            let isRefused = response.errorCode == .unsupportedSaslMechanism
            afterLogin(isRefused: isRefused, exchange.connection) {
                self.answer(r, response, exchange, error: response.errorCode)
            }
        case .saslAuthenticate(let r):
            let (response, staysOpen) = saslAuthenticate(r, context)
            afterLogin(isRefused: !staysOpen, exchange.connection) {
                self.answer(r, response, exchange, error: response.errorCode)
            }
        }
    }
}

extension ProduceResponse {
    var firstError: ErrorCode {
        for topic in responses {
            for partition in topic.partitionResponses where partition.errorCode != .none { return partition.errorCode }
        }
        return .none
    }
}

extension FetchResponse {
    var firstError: ErrorCode {
        if errorCode != .none { return errorCode }
        for topic in responses {
            for partition in topic.partitions where partition.errorCode != .none { return partition.errorCode }
        }
        return .none
    }
}

/// A request that can be answered with one error wherever its answer has a place for errors, without anything being done.
protocol RefusableRequest: KafkaRequest {
    func response(refusing code: ErrorCode, version: Int16) -> Response
}

extension ClusterCore {
    /// Answers with an error that was asked for. What has no place for one in its answer loses its connection.
    func refuse(_ request: Request, with code: ErrorCode, _ exchange: Exchange) {
        if case .produce(let produce) = request, produce.acks == 0 {
            return endWithoutAnswer(exchange, error: code)
        }
        guard let message = request.message as? any RefusableRequest else {
            exchange.connection.close(.fault)
            return
        }
        refuse(message, with: code, exchange)
    }

    private func refuse<R: RefusableRequest>(_ request: R, with code: ErrorCode, _ exchange: Exchange) {
        answer(request, request.response(refusing: code, version: exchange.header.apiVersion), exchange, error: code)
    }
}
