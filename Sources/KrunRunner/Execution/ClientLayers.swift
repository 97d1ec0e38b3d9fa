import KrunKafka
import KrunScenario

/// The properties of one client, layer by layer: krun's defaults, the scenario's, the command line's, and last what
/// krun must set itself.
struct ClientLayers {
    let cluster: any Cluster
    /// From `-X` and `--config`.
    let commandLine: ClientProperties

    func properties(
        defaults: ClientProperties = [:], scenario: [ClientProperty], mandatory: ClientProperties
    ) -> ClientProperties {
        var own = ClientProperties()
        // Set under one name, the last of several that mean the same wins.
        for property in scenario { own[ClientPropertyTable.canonicalName(property.name)] = property.value }
        return
            defaults.merging(own).merging(commandLine)
            .merging(cluster.mandatory).merging(mandatory)
    }
}
