import Foundation
import KrunDiagnostics
import KrunOutcome
import KrunReports
import Testing

@testable import KrunPages

/// A page says what the outcome says, and nothing in an outcome becomes a part of the page.
@Suite struct ScenarioPageTests {
    private static let source = """
        {
          "name": "</script><b>&amp;",
          "steps": [{ "produce": "orders" }]
        }
        """

    private static var outcome: ScenarioOutcome {
        var outcome = ScenarioOutcome(file: "a/b.json", name: "</script><b>&amp;", status: .failed)
        outcome.seed = 42
        outcome.startedAt = 1_717_243_200_123
        outcome.duration = .milliseconds(412)
        outcome.stepCount = 1
        var step = StepOutcome(
            path: StepPath(1), title: "produce <orders>", note: "why & how", status: .failed,
            duration: .milliseconds(7), result: nil)
        step.diagnostics = [
            Diagnostic(
                .failure, "it is <not> so",
                at: Place(
                    file: "a/b.json", line: 3, column: 13, length: 3, path: "$.steps[0]",
                    excerpt: "  \"steps\": [{ \"produce\": \"orders\" }]", excerptColumn: 1, isExcerptCut: false),
                label: "actual: \"</pre>\"")
        ]
        outcome.steps = [step]
        var timeline = Timeline()
        timeline.duration = 412_000
        timeline.keys = ["</script><script>alert(1)</script>"]
        var lane = Timeline.Lane(topic: "orders", partition: 0, from: 0)
        (lane.times, lane.offsets, lane.keys, lane.steps, lane.values) = ([5], [0], [0], [-1], ["<i>"])
        timeline.lanes = [lane]
        outcome.timeline = timeline
        return outcome
    }

    /// As it is where timelines are kept.
    private static var outcomeWithSource: ScenarioOutcome {
        var outcome = outcome
        outcome.source = source
        return outcome
    }

    @Test func nothingOfAnOutcomeIsMarkup() {
        let html = ScenarioPage(ScenarioSummary(Self.outcomeWithSource), version: "1.2").html()
        #expect(html.contains("<title>failed: &lt;/script&gt;&lt;b&gt;&amp;amp;</title>"))
        #expect(!html.contains("<b>"))
        #expect(!html.contains("<i>"))
        #expect(!html.contains("<not>"))
        #expect(!html.contains("<orders>"))
        // The two of the page itself.
        #expect(html.components(separatedBy: "</script>").count == 3)
        #expect(html.contains(#""keys":["\u003c/script>\u003cscript>alert(1)\u003c/script>"]"#))
        #expect(html.contains("it is &lt;not&gt; so"))
    }

    @Test func problemsStandAtTheirLines() {
        let html = ScenarioPage(ScenarioSummary(Self.outcomeWithSource), version: "1.2").html()
        #expect(
            html.contains(
                #"<li><span class="n" aria-hidden="true">3</span><code>  &quot;steps&quot;: [{ &quot;produce&quot;: &quot;orders&quot; }]</code><span class="problem">it is &lt;not&gt; so: actual: &quot;&lt;/pre&gt;&quot;</span></li>"#
            ))
        #expect(html.components(separatedBy: "class=\"problem\"").count == 2)
    }

    @Test func nothingIsFetched() {
        let html = ScenarioPage(ScenarioSummary(Self.outcome), version: "1.2").html()
        #expect(!html.contains("src="))
        #expect(!html.contains("url("))
        #expect(!html.contains("@import"))
        #expect(html.contains("default-src 'none'"))
        #expect(html.components(separatedBy: "http").count == 3, "the policy's http-equiv and the namespace of SVG")
        #expect(!html.contains("<ol class=\"source"))
    }

    @Test func withoutATimelineItSaysSo() {
        var outcome = Self.outcome
        outcome.timeline = nil
        let html = ScenarioPage(ScenarioSummary(outcome), version: "1.2").html()
        #expect(html.contains("This report has no timeline: nothing can be replayed."))
        #expect(!html.contains("<script"))
    }

    @Test func nothingReordersWhatStandsBesideIt() {
        let name = "a\u{202E}b\u{1B}c"
        var outcome = ScenarioOutcome(file: "a.json", name: name, status: .skipped)
        outcome.description = "first\u{200F}\nsecond"
        outcome.skipReason = name
        outcome.source = "{\t\"name\": \"a\u{202E}b\" }"
        outcome.steps = [
            StepOutcome(path: StepPath(1), title: name, note: name, status: .passed, duration: .zero, result: nil)
        ]
        let summary = ScenarioSummary(outcome)
        let html = ScenarioPage(summary, version: "1.2").html()
        #expect(html.contains("<title>skipped: a\\u202Eb\\u001Bc</title>"))
        #expect(html.contains("</span> <bdi>a\\u202Eb\\u001Bc</bdi></h1>"))
        #expect(html.contains("<p>first\\u200F\nsecond</p>"))
        #expect(html.contains("skipped: <bdi>a\\u202Eb\\u001Bc</bdi>"))
        #expect(html.contains("<bdi>a\\u202Eb\\u001Bc</bdi><br><bdi class=\"soft\">a\\u202Eb\\u001Bc</bdi>"))
        #expect(html.contains("<code>{\t&quot;name&quot;: &quot;a\\u202Eb&quot; }</code>"))
        let run = RunSummary(version: "1.2", scenarios: [summary], startedAt: 0, duration: .zero)
        let index = IndexPage(run, pages: ["a.html"], version: "1.2").html()
        #expect(
            index.contains(
                #"<a href="a.html"><bdi>a\u202Eb\u001Bc</bdi></a><br><bdi class="soft">a\u202Eb\u001Bc</bdi>"#))
        for page in [html, index] {
            #expect(!page.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{1B}" || $0 == "\u{200F}" })
        }
    }

    @Test func wideCharactersTakeTwoColumns() {
        var outcome = ScenarioOutcome(file: "a.json", name: "a", status: .failed)
        outcome.diagnostics = [Diagnostic(.failure, "漢é字 <👩‍🚀>")]
        let html = ScenarioPage(ScenarioSummary(outcome), version: "1.2").html()
        let wide = #"<span class="cells" style="width:2ch">"#
        #expect(
            html.contains("\(wide)漢</span>é\(wide)字</span> &lt;<span class=\"cells\" style=\"width:4ch\">👩‍🚀</span>&gt;"))
    }

    @Test func whatWasOnlyReadIsTold() {
        var outcome = Self.outcome
        var lane = Timeline.Lane(topic: "orders", partition: 0, from: 0)
        (lane.times, lane.offsets, lane.keys, lane.steps) = (
            [5, 6, 7, 8], [0, 1, 2, 3], [0, 0, 0, 0], [-1, -1, -1, -1]
        )
        lane.acknowledged = [false, true, false, false]
        (lane.values, lane.timestamps) = (["v", nil], [1_717_243_200_123, nil])
        outcome.timeline?.lanes = [lane]
        let html = ScenarioPage(ScenarioSummary(outcome), version: "1.2").html()
        #expect(
            html.contains(
                #""unacknowledged":[{"first":0,"last":0},{"first":2,"last":3}],"values":["v",null],"timestamps":[1717243200123,null]"#
            ))
    }

    @Test func everyPageHasANameOfItsOwn() {
        let files = ["a/b.json", "a-b.json", "A/B.json", "ü.json", "index.json", "../x y.json", "-"]
        var pages = PageNames()
        let names = files.map { pages.name(for: $0) }
        #expect(
            names == [
                "a-b.html", "a-b-2.html", "A-B-3.html", "scenario.html", "index-2.html", "x-y.html", "scenario-2.html",
            ])
    }

    @Test func whatPassedOnlyLaterSaysSo() {
        var flaky = ScenarioOutcome(file: "f.json", name: "f", status: .passed)
        flaky.repetition = 2
        flaky.attempts = [
            AttemptOutcome(status: .failed, seed: 17, duration: .zero, reason: "<far>"),
            AttemptOutcome(status: .passed, seed: 18, duration: .zero),
        ]
        let summary = ScenarioSummary(flaky)
        #expect(
            ScenarioPage(summary, version: "1.2").html().contains(
                "<div><dt>attempts</dt><dd>passed at the 2nd attempt; attempt 1: failed (seed 17): &lt;far&gt;</dd></div>"
            ))
        let run = RunSummary(version: "1.2", scenarios: [summary], startedAt: 0, duration: .seconds(1))
        #expect(
            IndexPage(run, pages: ["f.html"], version: "1.2").html().contains(
                #"<a href="f.html"><bdi>f (run 2)</bdi></a><br><bdi class="soft">passed at the 2nd attempt</bdi>"#))
    }

    @Test func theIndexLeadsToEachPage() {
        var skipped = ScenarioOutcome(file: "c.json", name: "c & d", status: .skipped)
        skipped.skipReason = "requires a real broker"
        let run = RunSummary(
            version: "1.2", scenarios: [Self.outcome, skipped].map { ScenarioSummary($0) }, startedAt: 0,
            duration: .seconds(1))
        let html = IndexPage(run, pages: ["a-b.html", "c.html"], version: "1.2").html()
        #expect(html.contains("<title>2 scenarios: 1 failed, 1 skipped</title>"))
        #expect(html.contains("<code>a/<wbr>b.json</code>"))
        #expect(html.contains(#"<a href="a-b.html"><bdi>&lt;/script&gt;&lt;b&gt;&amp;amp;</bdi></a>"#))
        #expect(
            html.contains(
                #"<a href="c.html"><bdi>c &amp; d</bdi></a><br><bdi class="soft">requires a real broker</bdi>"#))
    }
}
