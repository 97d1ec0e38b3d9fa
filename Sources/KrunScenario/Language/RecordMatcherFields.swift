import KrunJSON

/// What a record must be.
enum RecordMatcherFields {
    static let topic = Field(
        "topic", MatcherForm(.payload), "The topic, by its name in the file; of a step with several.", since: "0.2")
    static let partition = Field("partition", MatcherForm(.count), "Its partition.", since: "0.2")
    static let offset = Field("offset", MatcherForm(.count), "Its offset.", since: "0.2")
    static let key = Field("key", MatcherForm(.payload), "Its key; `null`: it has none.", since: "0.2")
    static let value = Field("value", MatcherForm(.payload), "Its value; `null`: a tombstone.", since: "0.2")
    static let headers = Field(
        "headers",
        NodeForm(
            schema: .anyOf(
                .type("array", ("items", RecordHeaderFields.shape.schemaReference)),
                .type("object", ("additionalProperties", MatcherForm(.payload).schema)), .definition("template")),
            summary: "a list of headers; or a header's name → a value or a matcher"),
        "A list: these and no others, in this order. By name: of each one that matches is among them; `{ \"exists\": false }`: there is none.",
        since: "0.2")
    static let timestamp = Field(
        "timestamp", MatcherForm(.count), "Milliseconds since 1970-01-01 UTC.", since: "0.2")

    static let shape = ObjectShape(
        "recordMatcher", called: "a record matcher",
        "What a record must be; what is not mentioned does not matter.",
        [topic, partition, offset, key, value, headers, timestamp],
        elsewhere: ["path": "it belongs in \"key\" or \"value\": { \"value\": { \"path\": { \"$.id\": 7 } } }"])
}

/// A header that a record must have.
enum RecordHeaderFields {
    static let key = Field("key", TextForm(), "Its name.", isRequired: true, since: "0.2")
    static let value = Field("value", MatcherForm(.payload), "Its value.", otherwise: "any", since: "0.2")

    static let shape = ObjectShape(
        "recordHeader", called: "a header of a record matcher", "A header that a record must have.", [key, value])
}

/// Lists of records that must be there.
enum RecordsFields {
    static let contains = Field(
        "contains", ListForm(of: RecordMatcherFields.shape, "a list of record matchers, not empty", minimumCount: 1),
        "Each is there, one record for each; others may be.", since: "0.2")
    static let inOrder = Field(
        "inOrder", ListForm(of: RecordMatcherFields.shape, "a list of record matchers, not empty", minimumCount: 1),
        "Each is there, in this order as far as they are on one partition; others may stand between.", since: "0.2")

    static let shape = ObjectShape(
        "expectRecords", called: "\"records\"", "Records that must be there; exactly one of them.",
        [contains, inOrder],
        alternatives: [
            .init(has: ["contains"], without: ["inOrder"]), .init(has: ["inOrder"], without: ["contains"]),
        ])

    /// How many matchers a step may have.
    static let limit = 1_000

    static let field = Field(
        "records",
        NodeForm(
            schema: .anyOf(
                .type("array", ("items", RecordMatcherFields.shape.schemaReference)),
                .definition(shape.schemaName), .definition("template")),
            summary:
                "a list of [record matchers](#record-matchers); `{ \"contains\": [ … ] }`; `{ \"inOrder\": [ … ] }`"),
        "A list: these records and no others, in the order of offsets within a partition and in any order across partitions.",
        since: "0.2")
}

/// Values taken from records.
enum CaptureFields {
    static let from = Field(
        "from", ObjectForm(shape: RecordMatcherFields.shape),
        "From the first record that matches.", otherwise: "from the first record", since: "0.2")
    static let path = Field(
        "path", TextForm(minimumLength: 1, hasTemplates: false, summary: "a [JSONPath](#jsonpath)"),
        "Where it stands in the record, which is as `krun consume --output json` writes it, with keys and values that are JSON objects, lists or numbers as such: `$.value.id`, `$.key`, `$.offset`.",
        isRequired: true, since: "0.2")

    static let shape = ObjectShape(
        "capture", called: "a capture", "A value taken from a record: a variable for the steps that follow.",
        [from, path],
        elsewhere: [
            "key": "it belongs in \"from\"", "value": "it belongs in \"from\"", "headers": "it belongs in \"from\"",
        ])
}
