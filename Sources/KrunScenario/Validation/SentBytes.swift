public import KrunDiagnostics
import KrunJSON

extension Scenario {
    /// How many bytes of keys, values and headers a scenario may send unless it is said: 1 GiB.
    public static let usualMaximumBytes: Int64 = 1 << 30

    /// What to say of a scenario that would send more than so many bytes, at the messages with which it would be too many; nil where
    /// that cannot be told before they are made.
    public func fault(ofSendingMoreThan maximum: Int64) -> Diagnostic? {
        var sum: Int64 = 0
        for step in allSteps {
            guard case .produce(let produce) = step.action else { continue }
            for message in produce.messages {
                let (next, isMore) = sum.addingReportingOverflow(message.leastBytesOfAll)
                sum = isMore ? .max : next
                if sum <= maximum { continue }
                return Diagnostic(
                    .invalid, "the scenario sends more than \(Units.text(bytes: maximum))",
                    at: (message.node["count"] ?? message.node).place.firstScalar,
                    label: sum == .max
                        ? "with these messages it is far more" : "with these messages it is \(sum) bytes",
                    notes: waysToSendMore
                ).masked(by: secrets)
            }
        }
        return nil
    }
}

extension MessageTemplate {
    /// How many bytes of key, value and headers one of them has at least.
    var leastBytes: Int {
        headers.reduce(key.leastBytes + value.leastBytes) { $0 + $1.key.utf8.count + $1.value.leastBytes }
    }

    /// How many bytes all of them have at least; `Int64.max` for more.
    fileprivate var leastBytesOfAll: Int64 {
        var parts = [key.leastBytes(of: count), value.leastBytes(of: count)]
        for header in headers {
            parts.append(PayloadTemplate.product(header.key.utf8.count, count))
            parts.append(header.value.leastBytes(of: count))
        }
        return parts.reduce(0) { sum, part in
            let (next, isMore) = sum.addingReportingOverflow(part)
            return isMore ? .max : next
        }
    }
}

extension Units {
    /// A size as the language writes it, in the largest unit that divides it.
    package static func text(bytes: Int64) -> String {
        for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where bytes > 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes) bytes"
    }
}
