import KrunDiagnostics
internal import NIOHTTP1

/// What a request asks for.
enum ControlRoute: Equatable {
    /// A step, which is its body.
    case step
    /// What happens, as lines; with `withRequests` those of all requests that are served, too.
    case events(withRequests: Bool)
}

/// Why a request is not served.
struct ControlRefusal: Error, Equatable {
    let status: HTTPResponseStatus
    let title: String
    var notes: [String] = []
    /// The methods that the path has, where it has this one not.
    var allow: String?

    var diagnostic: Diagnostic { Diagnostic(.usage, title, notes: notes) }
}

/// Which requests are served: those of programs on this machine that know what they ask for, and none that a page in somebody's browser has made.
enum ControlRules {
    /// How many bytes a body may have: 1 MiB.
    static let maximumBody = 1 << 20

    /// What the head of a request asks for; looked at before its body is read.
    ///
    /// - Throws: why it is not served.
    static func route(_ head: HTTPRequestHead) throws(ControlRefusal) -> ControlRoute {
        guard head.version == .http1_1 else {
            throw ControlRefusal(status: .httpVersionNotSupported, title: "only HTTP/1.1 is served")
        }
        try checkHost(head.headers)
        try checkOrigin(head.headers)
        let (path, query) = parts(of: head.uri)
        switch path {
        case "/steps":
            try checkMethod(head.method, .POST, of: path)
            guard query == nil else {
                throw ControlRefusal(status: .badRequest, title: "/steps takes no parameters")
            }
            try checkContent(head.headers)
            return .step
        case "/events":
            try checkMethod(head.method, .GET, of: path)
            return .events(withRequests: try requests(query))
        default:
            throw ControlRefusal(
                status: .notFound, title: "there is no such path here",
                notes: ["POST /steps runs a step, GET /events tells what happens"])
        }
    }

    /// That a body is larger than it may be.
    static let tooLarge = ControlRefusal(
        status: .payloadTooLarge, title: "the body is larger than 1 MiB (\(maximumBody) bytes)")

    // MARK: Who asks

    /// A name that leads to this machine only by somebody's name server is none of its own: a page of such a name would be of the same origin.
    private static func checkHost(_ headers: HTTPHeaders) throws(ControlRefusal) {
        let hosts = headers["host"]
        guard hosts.count == 1, isLoopback(hosts[0]) else {
            throw ControlRefusal(
                status: .forbidden,
                title: hosts.count == 1
                    ? "the request is for another host"
                    : "the request has \(hosts.isEmpty ? "no Host" : "several Hosts")",
                notes: ["only 127.0.0.1, localhost and [::1] are answered"])
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        host.lowercased().wholeMatch(of: /(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?/) != nil
    }

    /// Browsers say from where a page sends something.
    private static func checkOrigin(_ headers: HTTPHeaders) throws(ControlRefusal) {
        guard !headers.contains(name: "origin"), headers["sec-fetch-site"].allSatisfy({ $0 == "none" }) else {
            throw ControlRefusal(
                status: .forbidden, title: "the request comes from a page in a browser",
                notes: ["programs are answered, and who types the address of /events"])
        }
    }

    // MARK: What it asks for

    private static func parts(of target: String) -> (path: String, query: String?) {
        guard let mark = target.firstIndex(of: "?") else { return (target, nil) }
        return (String(target[..<mark]), String(target[target.index(after: mark)...]))
    }

    private static func checkMethod(
        _ method: HTTPMethod, _ only: HTTPMethod, of path: String
    ) throws(ControlRefusal) {
        guard method == only else {
            throw ControlRefusal(
                status: .methodNotAllowed, title: "\(path) is for \(only.rawValue) only", allow: only.rawValue)
        }
    }

    private static func requests(_ query: String?) throws(ControlRefusal) -> Bool {
        switch query {
        case nil, "requests=false": return false
        case "requests=true": return true
        default:
            throw ControlRefusal(
                status: .badRequest, title: "the parameters are not understood",
                notes: ["/events?requests=true tells of each request, too"])
        }
    }

    private static func checkContent(_ headers: HTTPHeaders) throws(ControlRefusal) {
        let types = headers["content-type"]
        guard types.count == 1, isJSON(types[0]) else {
            throw ControlRefusal(
                status: .unsupportedMediaType, title: "the body is not said to be JSON",
                notes: ["Content-Type: application/json is missing"])
        }
        guard headers["content-encoding"].allSatisfy({ $0.lowercased() == "identity" }) else {
            throw ControlRefusal(status: .unsupportedMediaType, title: "the body is compressed, which is not read")
        }
        guard let length = headers["content-length"].first else { return }
        guard let length = Int(length), length <= maximumBody else { throw tooLarge }
    }

    private static func isJSON(_ type: String) -> Bool {
        type.lowercased().wholeMatch(of: /\s*application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?/) != nil
    }
}
