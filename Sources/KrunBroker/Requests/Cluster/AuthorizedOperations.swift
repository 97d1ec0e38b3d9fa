/// What a client may do, as a set of bits by Kafka's AclOperation codes; without an authorizer everybody may do everything.
enum AuthorizedOperations {
    /// Create, Alter, Describe, ClusterAction, DescribeConfigs, AlterConfigs, IdempotentWrite.
    static let cluster = bits(5, 7, 8, 9, 10, 11, 12)
    /// Read, Write, Create, Delete, Alter, Describe, DescribeConfigs, AlterConfigs.
    static let topic = bits(3, 4, 5, 6, 7, 8, 10, 11)
    /// Read, Delete, Describe.
    static let group = bits(3, 6, 8)

    private static func bits(_ codes: Int32...) -> Int32 {
        codes.reduce(0) { $0 | 1 << $1 }
    }
}
