package import KrunJSON
package import KrunOutcome

/// A timeline as JSON, column by column: what pages are drawn from.
///
/// Times are microseconds since the scenario began.
package enum TimelineJSON {
    package static func value(_ timeline: Timeline) -> JSONValue {
        var object = JSONMembers()
        object.add("duration", timeline.duration)
        object.add("steps", timeline.steps.map(step))
        object.add("keys", timeline.keys)
        object.add("lanes", timeline.lanes.map(lane))
        object.add("ownerships", timeline.ownerships.map(ownership))
        object.add("reads", timeline.reads.map(progress))
        object.add("commits", timeline.commits.map(progress))
        object.add("faults", timeline.faults.map(fault))
        object.add(
            "marks",
            timeline.marks.map { mark in
                var object = JSONMembers()
                object.add("at", mark.at)
                object.add("text", mark.text)
                return object
            })
        if timeline.omittedMarks > 0 { object.add("omittedMarks", timeline.omittedMarks) }
        return object.value
    }

    private static func step(_ step: Timeline.Step) -> JSONMembers {
        var object = JSONMembers()
        object.add("path", step.path)
        object.add("title", step.title)
        object.add("from", step.from)
        object.add("to", step.to)
        return object
    }

    private static func lane(_ lane: Timeline.Lane) -> JSONMembers {
        var object = JSONMembers()
        object.add("topic", lane.topic)
        object.add("partition", lane.partition)
        object.add("from", lane.from)
        object.add("times", lane.times)
        object.add("offsets", lane.offsets)
        object.add("keys", lane.keys)
        object.add("steps", lane.steps)
        let found = runs(of: false, in: lane.acknowledged)
        if !found.isEmpty {
            object.add(
                "unacknowledged",
                found.map { run in
                    var object = JSONMembers()
                    object.add("first", run.lowerBound)
                    object.add("last", run.upperBound)
                    return object
                })
        }
        object.add("values", JSONValue.array(lane.values.map { $0.map { .string($0) } ?? .null }))
        object.add("timestamps", JSONValue.array(lane.timestamps.map { JSONValue.nullable($0) }))
        if !lane.portions.isEmpty {
            object.add(
                "portions",
                lane.portions.map { portion in
                    var object = JSONMembers()
                    object.add("count", portion.count)
                    object.add("firstOffset", portion.firstOffset)
                    object.add("lastOffset", portion.lastOffset)
                    object.add("from", portion.from)
                    object.add("to", portion.to)
                    return object
                })
        }
        return object
    }

    /// From where to where the value stands.
    private static func runs(of value: Bool, in list: [Bool]) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for (index, each) in list.enumerated() where each == value {
            if let last = runs.last, last.upperBound + 1 == index {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
        return runs
    }

    private static func ownership(_ ownership: Timeline.Ownership) -> JSONMembers {
        var object = JSONMembers()
        object.add("group", ownership.group)
        object.add("member", ownership.member)
        object.add("topic", ownership.topic)
        object.add("partition", ownership.partition)
        object.add("from", ownership.from)
        object.add("to", ownership.to)
        if ownership.hasCrashed { object.add("crashed", true) }
        return object
    }

    private static func progress(_ progress: Timeline.Progress) -> JSONMembers {
        var object = JSONMembers()
        object.add("group", progress.group)
        object.add("topic", progress.topic)
        object.add("partition", progress.partition)
        object.add("times", progress.times)
        object.add("offsets", progress.offsets)
        return object
    }

    private static func fault(_ fault: Timeline.Fault) -> JSONMembers {
        var object = JSONMembers()
        object.add("kind", fault.kind)
        object.add("sentence", fault.sentence)
        object.add("from", fault.from)
        object.add("to", fault.to)
        return object
    }
}
