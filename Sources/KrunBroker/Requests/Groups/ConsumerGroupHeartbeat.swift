internal import KrunWire

extension ClusterCore {
    /// Kafka 3.9 offers the request, and without `group.coordinator.rebalance.protocols=classic,consumer` answers it so. A client that
    /// learns of it from ApiVersions only would wait in silence.
    func consumerGroupHeartbeat(
        _ request: ConsumerGroupHeartbeatRequest, _ context: RequestContext
    ) -> ConsumerGroupHeartbeatResponse {
        tell(.groupProtocolNotServed(group: request.groupId, client: context.clientID))
        return request.response(refusing: .unsupportedVersion, version: context.version)
    }
}
