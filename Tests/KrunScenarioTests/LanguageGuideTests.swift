import Testing

@testable import KrunScenario

/// What is explained of the language is what its table of fields says.
@Suite struct LanguageGuideTests {
    @Test func everyFieldHasAnEntryAndNoNameStandsTwice() throws {
        #expect(Set(LanguageGuide.names).count == LanguageGuide.names.count)
        for shape in [ScenarioFields.shape] + Scenario.shapes {
            let object = try #require(LanguageGuide.entry(shape.schemaName))
            #expect(object.fields.map(\.name) == shape.fields.map(\.name))
            #expect(object.sentence == shape.sentence)
            for field in shape.fields {
                let name = "\(shape.schemaName).\(field.name)"
                #expect(LanguageGuide.names.contains(name))
                let entry = try #require(LanguageGuide.entry(name))
                #expect(entry.fields.map(\.name) == [field.name])
                #expect(entry.fields[0].value == field.form.summary)
                #expect(entry.fields[0].meaning.hasPrefix(field.sentence))
            }
        }
    }

    @Test func anObjectWithinAnotherCanBeLookedUp() throws {
        for name in LanguageGuide.names {
            let entry = try #require(LanguageGuide.entry(name))
            for object in entry.fields.compactMap(\.object) where !object.hasPrefix("matcher") {
                #expect(LanguageGuide.entry(object) != nil, "\(name) leads to \(object)")
            }
        }
    }

    @Test func otherNamesHaveNone() {
        for name in ["", ".", "consume.", "consume.untill", "Consume", "consume.until.messages"] {
            #expect(LanguageGuide.entry(name) == nil, "\(name)")
        }
    }
}
