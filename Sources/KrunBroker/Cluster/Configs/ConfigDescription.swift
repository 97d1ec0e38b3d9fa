package import KrunConfigs

/// One config as DescribeConfigs tells it.
package struct ConfigDescription: Equatable, Sendable {
    package struct Synonym: Equatable, Sendable {
        package let name: String
        package let value: String?
        package let source: ConfigSource
    }

    package let name: String
    /// Nil when it has none, or when it is sensitive.
    package let value: String?
    package let readOnly: Bool
    package let source: ConfigSource
    package let isSensitive: Bool
    /// Where else a value could come from, the one that counts first.
    package let synonyms: [Synonym]
    package let type: ConfigType
    package let documentation: String?

    /// For DescribeConfigs v0, which knows no sources.
    package var isDefault: Bool { source == .default }
}
