import Foundation
import KrunBroker
import KrunDiagnostics
import Testing

@testable import KrunControl

/// The server over the wire: what it answers, byte by byte, and what it bears.
@Suite(.timeLimit(.minutes(5)))
struct ControlServerTests {
    private func refusal(_ title: String, _ notes: [String] = []) -> String {
        let lines = notes.map { "        \"\($0)\"" }.joined(separator: ",\n")
        let list = notes.isEmpty ? "[]" : "[\n\(lines)\n      ]"
        let text = (["error: \(title)"] + notes.map { "  = \($0)" }).joined(separator: "\\n")
        return """
            {
              "krun": "0.0.0",
              "format": 1,
              "status": "refused",
              "diagnostics": [
                {
                  "kind": "usage",
                  "title": "\(title)",
                  "notes": \(list),
                  "text": "\(text)"
                }
              ]
            }

            """
    }

    /// What every answer says of itself; nothing in it lets a page of another origin read it.
    private func headers(_ body: String, allow: String? = nil) -> [String] {
        [
            "Content-Type: application/json", "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
            "Cross-Origin-Resource-Policy: same-origin", "Connection: close", "Content-Length: \(body.utf8.count)",
        ] + (allow.map { ["Allow: \($0)"] } ?? [])
    }

    @Test func refusalsAreWholeAndJSON() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            let missing = try await cluster.ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let body = refusal(
                "there is no such path here", ["POST /steps runs a step, GET /events tells what happens"])
            #expect(missing.status == "HTTP/1.1 404 Not Found")
            #expect(missing.headers == headers(body))
            #expect(missing.body == body)

            // What a browser asks before it lets a page of another origin post JSON.
            let preflight = try await cluster.ask(
                "OPTIONS /steps HTTP/1.1\r\nHost: localhost\r\nAccess-Control-Request-Method: POST\r\n\r\n")
            #expect(preflight.status == "HTTP/1.1 405 Method Not Allowed")
            #expect(preflight.headers == headers(preflight.body, allow: "POST"))
            #expect(preflight.body == refusal("/steps is for POST only"))

            let rebound = try await cluster.ask("GET /events HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            #expect(rebound.status == "HTTP/1.1 403 Forbidden")
            #expect(
                rebound.body
                    == refusal(
                        "the request is for another host", ["only 127.0.0.1, localhost and [::1] are answered"]))
            #expect(rebound.headers == headers(rebound.body))
        }
    }

    @Test func aHeadHasNoBody() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            let answer = try await cluster.ask("HEAD /steps HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(answer.status == "HTTP/1.1 405 Method Not Allowed")
            #expect(answer.body == "")
        }
    }

    @Test(arguments: [
        ("nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request", "this is no request of HTTP/1.1"),
        (
            "POST /steps HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            "HTTP/1.1 400 Bad Request", "this is no request of HTTP/1.1"
        ),
        (
            "GET /events HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 9_000))\r\n\r\n",
            "HTTP/1.1 431 Request Header Fields Too Large", "the head of the request is too long"
        ),
        (
            "GET /\(String(repeating: "x", count: 9_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "HTTP/1.1 431 Request Header Fields Too Large", "the head of the request is too long"
        ),
        (
            "GET /events HTTP/1.1\r\nHost: localhost\r\n\(String(repeating: "X: y\r\n", count: 200))\r\n",
            "HTTP/1.1 431 Request Header Fields Too Large", "the head of the request is too long"
        ),
    ])
    func whatIsNoRequestIsRefused(_ request: String, _ status: String, _ title: String) async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            let answer = try await cluster.ask(request)
            #expect(answer.status == status)
            #expect(answer.body == refusal(title))
        }
    }

    /// Of a body whose length nobody said no more is kept than is read; who still sends comes to read the answer.
    @Test func bodiesWithoutALengthAreBoundedToo() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            let connection = try RawConnection(cluster.server.address)
            connection.send(
                "POST /steps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let chunk = "10000\r\n\(String(repeating: " ", count: 0x10000))\r\n"
            for _ in 0..<17 { connection.send(chunk) }
            let answer = RawAnswer(await connection.read())
            #expect(
                answer.status == "HTTP/1.1 413 Payload Too Large" || answer.status == "HTTP/1.1 413 Content Too Large")
            #expect(answer.body == refusal("the body is larger than 1 MiB (1048576 bytes)"))
        }
    }

    @Test func chunkedStepsAndThoseWhoAskFirstAreServed() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            let chunked = try await cluster.ask(
                "POST /steps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "9\r\n{ \"fault\"\r\na\r\n: \"heal\" }\r\n0\r\n\r\n")
            #expect(chunked.status == "HTTP/1.1 200 OK")

            let connection = try RawConnection(cluster.server.address)
            connection.send(
                "POST /steps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 19\r\nExpect: 100-continue\r\n\r\n"
            )
            let first = await connection.read(until: "\r\n\r\n")
            #expect(first == "HTTP/1.1 100 Continue\r\n\r\n")
            connection.send("{ \"fault\": \"heal\" }")
            #expect(RawAnswer(await connection.read()).status == "HTTP/1.1 200 OK")
        }
    }

    @Test(arguments: [
        "", "POST /steps HT",
        "POST /steps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    ])
    func slowRequestsEnd(_ beginning: String) async throws {
        try await ControlledCluster.with(brokers: 1, requestBudget: .milliseconds(50)) { cluster in
            let answer = try await cluster.ask(beginning)
            #expect(answer.status == "HTTP/1.1 408 Request Timeout")
            #expect(answer.body == refusal("the request did not arrive within 50 ms"))
        }
    }

    /// A connection has one request: nothing can hide behind it.
    @Test func aSecondRequestIsNotServed() async throws {
        try await ControlledCluster.with(brokers: 2) { cluster in
            let step = ControlledCluster.request("{ \"fault\": \"heal\" }")
            let other = ControlledCluster.request("{ \"fault\": \"broker-down\", \"broker\": 2 }")
            let answer = try await cluster.ask(step + other)
            #expect(answer.status == "HTTP/1.1 200 OK")
            #expect(answer.body.components(separatedBy: "HTTP/1.1").count == 1)
            #expect(cluster.cluster.brokers == [1: true, 2: true])
        }
    }

    @Test func aPortInUseIsSaid() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            let port = try #require(Int(cluster.server.address.split(separator: ":")[1]))
            let error = #expect(throws: Diagnostic.self) {
                _ = try ControlServer(port: port, of: cluster.cluster, brokers: 1, version: "0.0.0")
            }
            #expect(
                error
                    == Diagnostic(
                        .runtime, "cannot listen on 127.0.0.1:\(port) for --control: the port is in use",
                        notes: ["another port: --control 0 takes a free one"]))
        }
    }

    /// More connections than are served are told so, and those that are there go on.
    @Test func connectionsAreBounded() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            var open: [RawConnection] = []
            for _ in 0..<ControlServer.maximumConnections {
                let connection = try RawConnection(cluster.server.address)
                connection.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(await connection.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
                open.append(connection)
            }
            let more = try await cluster.step("{ \"fault\": \"heal\" }")
            #expect(more.status == "HTTP/1.1 503 Service Unavailable")
            #expect(more.body == refusal("there are too many connections"))
            open.removeLast().leave()
            try await cluster.wait { cluster.server.connectionCount < ControlServer.maximumConnections }
            #expect(try await cluster.step("{ \"fault\": \"heal\" }").status == "HTTP/1.1 200 OK")
            withExtendedLifetime(open) {}
        }
    }
}
