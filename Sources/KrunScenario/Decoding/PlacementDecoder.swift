import KrunJSON

/// Reads `placedBy`.
struct PlacementDecoder: FieldDecoder {
    let reader: ValueReader

    func placement(_ field: Field<ChoiceForm<Partitioner>>, in fields: Fields) -> PlacementExpectation? {
        guard let node = fields[field], let partitioner = read(field, in: fields) else { return nil }
        guard partitioner.algorithm != nil else {
            report(
                "\"\(field.name)\" cannot be \(partitioner.rawValue)", because: .combination, at: node.place,
                label: "it looks at no key, so nothing tells that it was at work")
            return nil
        }
        return PlacementExpectation(partitioner: partitioner, node: node)
    }
}

extension Expectation {
    /// With what the declarations of the step's topics ask for, where the step itself asks nothing of the kind.
    func placed(as topics: [String], in file: Declarations) -> Expectation {
        var expectation = self
        for topic in topics {
            guard let placedBy = file.topics[topic]?.placedBy else { continue }
            if let index = expectation.topics.firstIndex(where: { $0.topic == topic }) {
                expectation.topics[index].placedBy = expectation.topics[index].placedBy ?? placedBy
            } else {
                expectation.topics.append(TopicExpectation(topic: topic, placedBy: placedBy))
            }
        }
        return expectation
    }
}
