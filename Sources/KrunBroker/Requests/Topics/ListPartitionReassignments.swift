internal import KrunWire

extension ClusterCore {
    /// Replicas do not move here, so none is ever being moved; asked for by name, what is not there is an error.
    func listPartitionReassignments(
        _ request: ListPartitionReassignmentsRequest, _ context: RequestContext
    ) -> ListPartitionReassignmentsResponse {
        ListPartitionReassignmentsResponse()
    }
}
