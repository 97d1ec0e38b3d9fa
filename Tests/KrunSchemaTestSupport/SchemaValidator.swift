import Foundation
package import KrunJSON

/// A JSON Schema of the draft 2020-12, as far as those of krun use it: a keyword that is none of these ends the test.
package final class SchemaValidator {
    private let definitions: JSONNode?
    private var compiled: [String: Rule] = [:]
    private var root: Rule?

    package init(_ schema: JSONNode) {
        definitions = schema["$defs"]
        root = compile(schema)
    }

    package func accepts(_ value: JSONNode) -> Bool { root.map { holds($0, value) } ?? false }

    /// What one object of a schema says; nil and empty where it says nothing of that.
    private final class Rule {
        var isAlwaysFalse = false
        var reference: String?
        var types: Set<String> = []
        var values: [JSONNode] = []
        var minimum: Double?
        var maximum: Double?
        var lengths: ClosedRange<Int>?
        var items: (minimum: Int, each: Rule?) = (0, nil)
        var counts: ClosedRange<Int>?
        var isUnique = false
        var pattern: NSRegularExpression?
        var required: [String] = []
        var properties: [String: Rule] = [:]
        var additional: Rule?
        var names: Rule?
        var anyOf: [Rule] = []
        var oneOf: [Rule] = []
        var not: Rule?
    }

    private func compile(_ node: JSONNode) -> Rule {
        let rule = Rule()
        if node.kind == .boolean {
            rule.isAlwaysFalse = node.boolean == false
            return rule
        }
        func number(_ name: String, or usual: Int) -> Int { Int(node[name]?.integer ?? Int64(usual)) }
        for member in node.members {
            let value = member.value
            switch member.name {
            case "$schema", "$defs", "title", "description", "default": break
            case "$ref": rule.reference = value.string.map { String($0.dropFirst("#/$defs/".count)) }
            case "type": rule.types = value.string.map { [$0] } ?? Set(value.elements.compactMap(\.string))
            case "enum": rule.values = value.elements
            case "minimum": rule.minimum = value.number
            case "maximum": rule.maximum = value.number
            case "minLength", "maxLength": rule.lengths = number("minLength", or: 0)...number("maxLength", or: .max)
            case "minItems": rule.items.minimum = number("minItems", or: 0)
            case "minProperties", "maxProperties":
                rule.counts = number("minProperties", or: 0)...number("maxProperties", or: .max)
            case "uniqueItems": rule.isUnique = value.boolean == true
            case "pattern":
                // `$` of JSON Schema is the very end.
                var text = value.string ?? ""
                if text.hasSuffix("$") { text = text.dropLast() + "\\z" }
                do { rule.pattern = try NSRegularExpression(pattern: text) } catch { fatalError("\(text): \(error)") }
            case "required": rule.required = value.elements.compactMap(\.string)
            case "properties":
                for property in value.members { rule.properties[property.name] = compile(property.value) }
            case "additionalProperties": rule.additional = compile(value)
            case "propertyNames": rule.names = compile(value)
            case "items": rule.items.each = compile(value)
            case "anyOf": rule.anyOf = value.elements.map { compile($0) }
            case "oneOf": rule.oneOf = value.elements.map { compile($0) }
            case "not": rule.not = compile(value)
            default: fatalError("the validator lacks \(member.name)")
            }
        }
        return rule
    }

    private func definition(_ name: String) -> Rule {
        if let rule = compiled[name] { return rule }
        guard let node = definitions?[name] else { fatalError("there is no definition \(name)") }
        let rule = compile(node)
        compiled[name] = rule
        return rule
    }

    private func holds(_ rule: Rule, _ value: JSONNode) -> Bool {
        if rule.isAlwaysFalse { return false }
        if let reference = rule.reference, !holds(definition(reference), value) { return false }
        if !rule.types.isEmpty, !rule.types.contains(where: { Self.isOf($0, value) }) { return false }
        if !rule.values.isEmpty, !rule.values.contains(where: { JSONNode.isEqual($0, value) }) { return false }
        guard holdsItself(rule, value) else { return false }
        if !rule.anyOf.isEmpty, !rule.anyOf.contains(where: { holds($0, value) }) { return false }
        if !rule.oneOf.isEmpty, rule.oneOf.filter({ holds($0, value) }).count != 1 { return false }
        if let not = rule.not, holds(not, value) { return false }
        return true
    }

    /// What is asked of one kind of value holds for every other.
    private func holdsItself(_ rule: Rule, _ value: JSONNode) -> Bool {
        switch value.kind {
        case .null, .boolean: return true
        case .integer, .real:
            guard let number = value.number else { return false }
            return number >= rule.minimum ?? -.infinity && number <= rule.maximum ?? .infinity
        case .string: return value.string.map { holds(rule, $0) } ?? false
        case .array:
            if value.count < rule.items.minimum { return false }
            let elements = value.elements
            if rule.isUnique {
                for (index, element) in elements.enumerated()
                where elements[..<index].contains(where: { JSONNode.isEqual($0, element) }) { return false }
            }
            guard let items = rule.items.each else { return true }
            return elements.allSatisfy { holds(items, $0) }
        case .object:
            if let counts = rule.counts, !counts.contains(value.count) { return false }
            if rule.required.contains(where: { value[$0] == nil }) { return false }
            return value.members.allSatisfy { member in
                if let names = rule.names, !holdsForName(names, member.name) { return false }
                if let property = rule.properties[member.name] { return holds(property, member.value) }
                return rule.additional.map { holds($0, member.value) } ?? true
            }
        }
    }

    private func holds(_ rule: Rule, _ text: String) -> Bool {
        if let lengths = rule.lengths, !lengths.contains(text.unicodeScalars.count) { return false }
        guard let pattern = rule.pattern else { return true }
        return pattern.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }

    /// What is asked of a name: texts only.
    private func holdsForName(_ rule: Rule, _ name: String) -> Bool {
        if !rule.values.isEmpty, !rule.values.contains(where: { $0.string == name }) { return false }
        if let not = rule.not, holdsForName(not, name) { return false }
        return holds(rule, name)
    }

    private static func isOf(_ type: String, _ value: JSONNode) -> Bool {
        switch (type, value.kind) {
        case ("integer", .real): value.number.map { $0 == $0.rounded() } ?? false
        case ("number", .real), ("number", .integer): true
        default: type == value.kind.rawValue
        }
    }
}
