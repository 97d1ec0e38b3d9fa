/// One change of IncrementalAlterConfigs.
package struct ConfigOperation: Equatable, Sendable {
    /// As the protocol numbers them (KIP-339).
    package enum Kind: Int8, Sendable {
        case set = 0
        case delete = 1
        /// To a list only.
        case append = 2
        case subtract = 3

        var name: String {
            switch self {
            case .set: "SET"
            case .delete: "DELETE"
            case .append: "APPEND"
            case .subtract: "SUBTRACT"
            }
        }
    }

    package let name: String
    /// As it came; one that is no `Kind` is refused.
    package let kind: Int8
    package let value: String?

    package init(name: String, kind: Int8, value: String?) {
        self.name = name
        self.kind = kind
        self.value = value
    }
}
