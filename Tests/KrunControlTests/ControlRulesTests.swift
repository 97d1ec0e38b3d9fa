import NIOHTTP1
import Testing

@testable import KrunControl

/// Which requests are served, by their heads.
@Suite(.timeLimit(.minutes(1)))
struct ControlRulesTests {
    private func head(
        _ method: HTTPMethod, _ target: String, _ headers: [(String, String)], version: HTTPVersion = .http1_1
    ) -> HTTPRequestHead {
        HTTPRequestHead(version: version, method: method, uri: target, headers: HTTPHeaders(headers))
    }

    /// A step's request with these headers besides Host and Content-Type.
    private func step(
        host: [String] = ["127.0.0.1:9095"], type: [String] = ["application/json"], _ more: (String, String)...
    ) -> HTTPRequestHead {
        head(.POST, "/steps", host.map { ("Host", $0) } + type.map { ("Content-Type", $0) } + more)
    }

    /// The status and what is said, or `served`.
    private func verdict(_ head: HTTPRequestHead) -> String {
        do throws(ControlRefusal) {
            _ = try ControlRules.route(head)
            return "served"
        } catch {
            return "\(error.status.code) \(error.title)"
        }
    }

    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:9095", "127.0.0.1:1", "localhost", "LocalHost:9095", "[::1]", "[::1]:9095",
    ])
    func thisMachineIsAnswered(_ host: String) {
        #expect(verdict(step(host: [host])) == "served")
    }

    /// A name server can lead any name to 127.0.0.1: then the browser takes the page for one of that origin.
    @Test(arguments: [
        "evil.example", "evil.example:9095", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1:9095.evil",
        "127.0.0.2", "0.0.0.0:9095", "::1", "[::1", "localhost:", "localhost:123456", "localhost ", " localhost",
        "user@localhost", "localhost,evil.example", "2130706433", "0x7f.1", "",
    ])
    func noOtherHostIs(_ host: String) {
        #expect(verdict(step(host: [host])) == "403 the request is for another host")
    }

    @Test func oneHostIsNeeded() {
        #expect(verdict(step(host: [])) == "403 the request has no Host")
        #expect(verdict(step(host: ["localhost", "localhost"])) == "403 the request has several Hosts")
    }

    @Test(arguments: ["http://127.0.0.1:9095", "http://localhost", "https://evil.example", "null", ""])
    func pagesAreNotAnswered(_ origin: String) {
        #expect(verdict(step(("Origin", origin))) == "403 the request comes from a page in a browser")
    }

    /// A page that asks without CORS sends no Origin, but says where it is.
    @Test(arguments: [("none", "served"), ("cross-site", ""), ("same-site", ""), ("same-origin", ""), ("NONE", "")])
    func pagesThatSayNoOriginAreNotEither(_ site: String, _ expected: String) {
        let events = head(.GET, "/events", [("Host", "localhost"), ("Sec-Fetch-Site", site)])
        #expect(verdict(events) == (expected.isEmpty ? "403 the request comes from a page in a browser" : expected))
    }

    @Test(arguments: [
        "application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\"",
    ])
    func jsonIsRead(_ type: String) {
        #expect(verdict(step(type: [type])) == "served")
    }

    /// What a page may send anywhere without asking first is among these.
    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", "text/json",
        "application/json; charset=latin1", "application/json, text/plain", "application/json; x=y", "",
    ])
    func nothingElseIs(_ type: String) {
        #expect(verdict(step(type: [type])) == "415 the body is not said to be JSON")
    }

    @Test func contentIsSaidOnceAndPlain() {
        #expect(verdict(step(type: [])) == "415 the body is not said to be JSON")
        #expect(verdict(step(type: ["application/json", "application/json"])) == "415 the body is not said to be JSON")
        #expect(verdict(step(("Content-Encoding", "gzip"))) == "415 the body is compressed, which is not read")
        #expect(verdict(step(("Content-Encoding", "identity"))) == "served")
    }

    @Test func bodiesAreBounded() {
        #expect(verdict(step(("Content-Length", "1048576"))) == "served")
        #expect(verdict(step(("Content-Length", "1048577"))) == "413 the body is larger than 1 MiB (1048576 bytes)")
        #expect(
            verdict(step(("Content-Length", "99999999999999999999")))
                == "413 the body is larger than 1 MiB (1048576 bytes)")
    }

    @Test(arguments: [
        "/", "/step", "/steps/", "/Steps", "//steps", "/steps%20", "http://localhost/steps", "*", "/../steps",
    ])
    func otherPathsAreNone(_ target: String) {
        #expect(verdict(head(.POST, target, [("Host", "localhost")])) == "404 there is no such path here")
    }

    @Test(arguments: [HTTPMethod.GET, .PUT, .DELETE, .OPTIONS, .HEAD, .PATCH, .CONNECT, .TRACE])
    func stepsArePosted(_ method: HTTPMethod) throws {
        let refusal = #expect(throws: ControlRefusal.self) {
            _ = try ControlRules.route(head(method, "/steps", [("Host", "localhost")]))
        }
        #expect(refusal == ControlRefusal(status: .methodNotAllowed, title: "/steps is for POST only", allow: "POST"))
    }

    @Test(arguments: [HTTPMethod.POST, .HEAD, .OPTIONS])
    func eventsAreGot(_ method: HTTPMethod) throws {
        let refusal = #expect(throws: ControlRefusal.self) {
            _ = try ControlRules.route(head(method, "/events", [("Host", "localhost")]))
        }
        #expect(refusal == ControlRefusal(status: .methodNotAllowed, title: "/events is for GET only", allow: "GET"))
    }

    @Test func parametersAreUnderstoodOrRefused() throws {
        func route(_ target: String) throws -> ControlRoute {
            try ControlRules.route(head(.GET, target, [("Host", "localhost")]))
        }
        #expect(try route("/events") == .events(withRequests: false))
        #expect(try route("/events?requests=false") == .events(withRequests: false))
        #expect(try route("/events?requests=true") == .events(withRequests: true))
        for target in [
            "/events?", "/events?requests", "/events?requests=1", "/events?request=true", "/events?requests=true&x",
        ] {
            #expect(verdict(head(.GET, target, [("Host", "localhost")])) == "400 the parameters are not understood")
        }
        let steps = head(.POST, "/steps?a=b", [("Host", "localhost"), ("Content-Type", "application/json")])
        #expect(verdict(steps) == "400 /steps takes no parameters")
    }

    @Test func oldVersionsAreNotServed() {
        let old = head(.GET, "/events", [("Host", "localhost")], version: .http1_0)
        #expect(verdict(old) == "505 only HTTP/1.1 is served")
    }
}
