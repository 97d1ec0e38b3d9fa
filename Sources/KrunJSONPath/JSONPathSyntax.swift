import KrunJSON
import KrunPatterns

/// A path as a tree, as RFC 9535 names its parts.
extension JSONPath {
    struct Segment: Sendable {
        /// Whether it selects from everything within, too: `..`.
        var isDescendant: Bool
        var selectors: [Selector]

        /// The only selector of a child segment that selects one node at most; nil for any other segment.
        var single: Selector? {
            guard !isDescendant, selectors.count == 1 else { return nil }
            switch selectors[0] {
            case .name, .index: return selectors[0]
            case .wildcard, .slice, .filter: return nil
            }
        }
    }

    enum Selector: Sendable {
        /// The bytes of the name.
        case name([UInt8])
        case wildcard
        /// From the end where it is negative.
        case index(Int)
        case slice(start: Int?, end: Int?, step: Int)
        case filter(Condition)
    }

    /// What a filter asks of each child.
    indirect enum Condition: Sendable {
        case any([Condition])
        case all([Condition])
        case not(Condition)
        /// The query selects something.
        case exists(Query)
        case comparison(Operand, Comparison, Operand)
        /// `match`, or `search` in the text.
        case pattern(Operand, PatternOperand, matchesWhole: Bool)
    }

    enum Comparison: String, CaseIterable, Sendable {
        case equal = "=="
        case unequal = "!="
        case atMost = "<="
        case atLeast = ">="
        case less = "<"
        case greater = ">"
    }

    /// A path in a filter.
    struct Query: Sendable {
        /// Whether it begins at the root, `$`, rather than at the child that is asked about, `@`.
        var isAbsolute: Bool
        var segments: [Segment]

        var isSingular: Bool { segments.allSatisfy { $0.single != nil } }
    }

    /// What has a value, or none.
    indirect enum Operand: Sendable {
        case literal(Value)
        /// Of a query that is singular.
        case query(Query)
        case length(Operand)
        case count(Query)
        case value(Query)
    }

    enum PatternOperand: Sendable {
        /// Written in the path; nil for one that is no regular expression by RFC 9485.
        case literal(InteroperablePattern?)
        case operand(Operand)
    }

    /// A value to be compared.
    enum Value: Sendable {
        /// What a query without a node has.
        case nothing
        case null
        case boolean(Bool)
        case number(JSONNumber)
        /// In UTF-8.
        case string(ArraySlice<UInt8>)
        /// An array or an object.
        case structure(JSONNode)
    }
}

extension JSONPath {
    /// The steps of a path that has names and indices from 0 on only; nil for any other.
    static func plainSteps(_ segments: [Segment]) -> [PlainJSONSearch.Step]? {
        var steps: [PlainJSONSearch.Step] = []
        for segment in segments {
            switch segment.single {
            case .name(let name): steps.append(.name(name))
            case .index(let index) where index >= 0: steps.append(.ordinal(index))
            default: return nil
            }
        }
        return steps
    }
}
