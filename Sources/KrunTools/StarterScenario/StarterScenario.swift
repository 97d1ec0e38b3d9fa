/// The scenario that `krun new` writes: small, it passes, and it has the fields that most scenarios have.
package enum StarterScenario {
    /// - Parameter schema: what `$schema` names; nil leaves it out.
    package static func text(schema: String? = nil) -> String {
        "{\n" + (schema.map { "  \"$schema\": \"\($0)\",\n" } ?? "") + members + "}\n"
    }

    private static let members = """
          "name": "The orders of a customer stay in order",
          "description": "The key of an order is its customer: all orders of a customer are on one partition, and are read in the order in which they were sent.",
          "topics": [{ "name": "orders", "partitions": 3 }],
          "steps": [
            {
              "note": "The key decides the partition. What expect does not mention is not judged.",
              "produce": "orders",
              "messages": [
                { "key": "alice", "value": "espresso" },
                { "key": "carol", "value": "flat white" },
                { "key": "alice", "value": "croissant" }
              ],
              "expect": {
                "messages": 3,
                "keys": { "alice": { "partition": 0, "messages": 2 }, "carol": { "partition": 2 } }
              }
            },
            {
              "note": "Two members share the partitions. That nothing is lost or read twice is checked without being asked for.",
              "consume": "orders",
              "group": "baristas",
              "members": 2,
              "expect": {
                "messages": 3,
                "keys": { "alice": { "values": ["espresso", "croissant"] } },
                "lag": 0
              }
            }
          ]

        """
}
