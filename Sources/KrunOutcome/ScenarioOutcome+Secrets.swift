import KrunDiagnostics
public import KrunSecrets

extension ScenarioOutcome {
    /// The same with `***` for each secret in all of its texts, keys and values: what every report is made of.
    ///
    /// Names of files, brokers, errors and configs are no values of the scenario's, and stay.
    public func masked(by secrets: Secrets) -> ScenarioOutcome {
        if secrets.isEmpty { return self }
        var masked = self
        masked.name = secrets.masked(name)
        masked.description = description.map { secrets.masked($0) }
        masked.tags = tags.map { secrets.masked($0) }
        masked.skipReason = skipReason.map { secrets.masked($0) }
        masked.topics = topics.map { topic in
            var topic = topic
            topic.name = secrets.masked(topic.name)
            topic.actualName = secrets.masked(topic.actualName)
            return topic
        }
        masked.groups = groups.map { group in
            var group = group
            group.name = secrets.masked(group.name)
            group.actualName = secrets.masked(group.actualName)
            return group
        }
        masked.steps = steps.map { $0.masked(by: secrets) }
        masked.invariants = invariants.map { $0.masked(by: secrets) }
        masked.diagnostics = diagnostics.map { $0.masked(by: secrets) }
        masked.cleanup.deletedTopics = cleanup.deletedTopics.map { secrets.masked($0) }
        masked.cleanup.deletedGroups = cleanup.deletedGroups.map { secrets.masked($0) }
        masked.cleanup.kept = cleanup.kept.map { secrets.masked($0) }
        masked.cleanup.left = cleanup.left.map {
            .init(kind: $0.kind, name: secrets.masked($0.name), reason: secrets.masked($0.reason))
        }
        masked.clientLog = clientLog.map { secrets.masked($0) }
        masked.program?.lines = program?.lines.map { secrets.masked($0) } ?? []
        return masked
    }
}

extension StepOutcome {
    fileprivate func masked(by secrets: Secrets) -> StepOutcome {
        var masked = self
        masked.title = secrets.masked(title)
        masked.note = note.map { secrets.masked($0) }
        masked.result = result?.masked(by: secrets)
        masked.invariants = invariants.map { $0.masked(by: secrets) }
        masked.diagnostics = diagnostics.map { $0.masked(by: secrets) }
        return masked
    }
}

extension InvariantOutcome {
    fileprivate func masked(by secrets: Secrets) -> InvariantOutcome {
        var masked = self
        switch verdict {
        case .held: break
        case .broken(let count, let cases, let allowed):
            masked.verdict = .broken(count: count, cases: cases.map { secrets.masked($0) }, allowed: allowed)
        case .notJudged(let reason): masked.verdict = .notJudged(secrets.masked(reason))
        case .nothingToJudge(let reason): masked.verdict = .nothingToJudge(secrets.masked(reason))
        }
        return masked
    }
}

extension StepOutcome.Result {
    fileprivate func masked(by secrets: Secrets) -> StepOutcome.Result {
        switch self {
        case .produce(var outcome):
            outcome.topic = secrets.masked(outcome.topic)
            outcome.producer = outcome.producer.map { secrets.masked($0) }
            outcome.records = outcome.records.masked(by: secrets)
            outcome.singleRecords = outcome.singleRecords?.map { $0.masked(by: secrets) }
            outcome.movedKeys = outcome.movedKeys.mapKeys { secrets.masked($0) }
            return .produce(outcome)
        case .consume(var outcome):
            outcome.group = outcome.group.map { secrets.masked($0) }
            outcome.topics = outcome.topics.maskedNames(by: secrets).mapValues { $0.masked(by: secrets) }
            outcome.members = outcome.members.map { $0.masked(by: secrets) }
            outcome.records = outcome.records?.map { $0.masked(by: secrets) }
            // What holds one is no JSON without it.
            outcome.captured = outcome.captured.map { value in
                secrets.masked(value.json) == value.json ? value : CapturedValue(name: value.name, json: "\"***\"")
            }
            return .consume(outcome)
        case .group(var outcome):
            outcome.group = secrets.masked(outcome.group)
            outcome.members = outcome.members.map { $0.masked(by: secrets) }
            outcome.away = outcome.away.map { secrets.masked($0) }
            outcome.moves = outcome.moves.map {
                PartitionMove(
                    secrets.masked($0.partition), from: secrets.masked($0.from), to: secrets.masked($0.to))
            }
            return .group(outcome)
        case .transaction(var outcome):
            outcome.producer = secrets.masked(outcome.producer)
            return .transaction(outcome)
        case .offsets(var outcome):
            outcome.group = secrets.masked(outcome.group)
            outcome.topics = outcome.topics.maskedNames(by: secrets)
            return .offsets(outcome)
        case .topic(var outcome):
            outcome.topic = secrets.masked(outcome.topic)
            outcome.config = outcome.config.mapValues { secrets.masked($0) }
            return .topic(outcome)
        case .fault, .pause: return self
        case .together(let lists): return .together(lists.map { $0.map { $0.masked(by: secrets) } })
        case .repeat(let lists): return .repeat(lists.map { $0.map { $0.masked(by: secrets) } })
        }
    }
}

extension MemberOutcome {
    fileprivate func masked(by secrets: Secrets) -> MemberOutcome {
        MemberOutcome(
            name: secrets.masked(name), partitions: partitions.map { secrets.masked($0) }, messages: messages)
    }
}

extension TopicRecords {
    /// Keys that are the same without their secrets are told apart by numbers.
    fileprivate func masked(by secrets: Secrets) -> TopicRecords {
        var masked = self
        var counts: [[UInt8]: Int] = [:]
        masked.keys = keys.map { key in
            var hidden = key.masked(by: secrets)
            guard hidden.key != key.key else { return hidden }
            let number = counts[hidden.key, default: 0] + 1
            counts[hidden.key] = number
            if number > 1 { hidden.key += Array(" (\(number))".utf8) }
            return hidden
        }
        masked.nullKey = nullKey?.masked(by: secrets)
        masked.placement?.first =
            placement?.first.map { stray in
                PlacementOutcome.Stray(
                    key: secrets.masked(stray.key), partitions: stray.partitions, expected: stray.expected)
            } ?? []
        return masked
    }
}

extension RecordOutcome {
    func masked(by secrets: Secrets) -> RecordOutcome {
        var masked = self
        masked.topic = secrets.masked(topic)
        masked.key = key.map { secrets.masked($0) }
        masked.value = value.map { secrets.masked($0) }
        masked.headers = headers.map { header in
            Header(key: secrets.masked(header.key), value: header.value.map { secrets.masked($0) })
        }
        return masked
    }
}

extension KeyOutcome {
    fileprivate func masked(by secrets: Secrets) -> KeyOutcome {
        var masked = self
        masked.key = secrets.masked(key)
        masked.values = values?.map { $0.map { secrets.masked($0) } }
        return masked
    }
}

extension Dictionary where Key == String {
    /// Names that are the same without their secrets are told apart by numbers.
    fileprivate func maskedNames(by secrets: Secrets) -> [String: Value] {
        var masked: [String: Value] = [:]
        for (name, value) in sorted(by: { $0.key < $1.key }) {
            let hidden = secrets.masked(name)
            var (own, number) = (hidden, 1)
            while masked[own] != nil {
                number += 1
                own = "\(hidden) (\(number))"
            }
            masked[own] = value
        }
        return masked
    }
}
