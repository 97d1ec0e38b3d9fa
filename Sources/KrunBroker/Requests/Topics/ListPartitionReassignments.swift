internal import KrunWire

extension ClusterCore {
    /// Replicas do not move here, so none is ever being moved.
    func listPartitionReassignments(
        _ request: ListPartitionReassignmentsRequest, _ context: RequestContext
    ) -> ListPartitionReassignmentsResponse {
        ListPartitionReassignmentsResponse()
    }
}
