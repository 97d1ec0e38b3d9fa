internal import KrunWire

extension ClusterCore {
    func describeCluster(_ request: DescribeClusterRequest, _ context: RequestContext) -> DescribeClusterResponse {
        var response = DescribeClusterResponse()
        response.clusterId = clusterID
        guard request.endpointType == 1 else {
            // Controllers have no listeners of their own here.
            response.errorCode = request.endpointType == 2 ? .mismatchedEndpointType : .unsupportedEndpointType
            response.errorMessage = "the request was sent to an endpoint of type broker"
            return response
        }
        response.controllerId = controllerID
        response.brokers = nodes.filter(\.isUp).map { node in
            var broker = DescribeClusterResponse.DescribeClusterBroker()
            broker.brokerId = node.id
            broker.host = node.advertisedHost
            broker.port = Int32(node.port)
            broker.rack = node.rack
            return broker
        }
        if request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = AuthorizedOperations.cluster
        }
        return response
    }
}
