package import KrunBroker
import KrunDiagnostics
import KrunNames
import KrunReports

/// Which of a cluster's events are worth a line, and what it says.
///
/// What happens often is gathered: the messages of a topic and the commits of a group have a line soon after the first and then
/// at most one a second. Times are since any beginning, the same for all calls.
package struct BrokerLog: Sendable {
    package enum Line: Sendable {
        case text(String)
        /// Its words are found when it is written, because there may be very many.
        case request(BrokerEvent.ServedRequest)

        package var text: String {
            switch self {
            case .text(let text): text
            case .request(let served): TerminalText.safe(served.description)
            }
        }
    }

    /// Whether each request and connection has a line.
    let isVerbose: Bool
    private var lines: [Line] = []
    private var clients = ConnectedClients()
    private var members = NameMap<Set<String>>()
    private var messages = GatheredLines<String, TopicMessages>()
    private var commits = GatheredLines<ExactName, GroupCommits>()
    private var memory = GatheredLines<String, Int>()
    private var totals = BrokerTotals()
    /// Who was told already that the group protocol `consumer` is not served; a client asks again and again.
    private var toldOfProtocol: Set<String> = []
    private static let maximumProtocolReports = 1000

    package init(isVerbose: Bool = false) {
        self.isVerbose = isVerbose
    }

    /// When `due(at:)` has something to say; nil while nothing is gathered.
    package var nextDue: Duration? { [messages.nextDue, commits.nextDue, memory.nextDue].compactMap(\.self).min() }

    /// The lines that have to be written now that this has happened.
    package mutating func take(_ event: BrokerEvent.Kind, at now: Duration) -> [Line] {
        totals.take(event)
        switch event {
        case .requestServed(let served):
            if isVerbose { lines.append(.request(served)) }
        case .requestNotServed(let unserved): say(BrokerLogText.notServed(unserved))
        case .groupProtocolNotServed(let group, let client):
            let text = BrokerLogText.protocolNotServed(group: group, client: client)
            if toldOfProtocol.count < Self.maximumProtocolReports, toldOfProtocol.insert(text).inserted { say(text) }
        case .recordsAppended(let appended): gather(appended, at: now)
        case .offsetsCommitted(let committed):
            commits.add(ExactName(committed.group), at: now, to: GroupCommits()) { $0.add(committed) }
        case .memoryLimitReached(_, _, let limit): memory.add("", at: now, to: limit) { $0 = limit }
        case .connectionOpened(_, let connection, let peer):
            clients.opened(connection, peer: peer)
            if isVerbose { say("\(event)") }
        case .clientIdentified(let client):
            if let new = clients.identified(client) { say(BrokerLogText.connected(new)) }
        case .connectionClosed(_, let connection, let reason):
            if isVerbose { say("\(event)") }
            if let text = clients.closed(connection).flatMap({ BrokerLogText.closed($0, reason: reason) }) { say(text) }
        case .memberJoined, .memberLeft, .groupChanged, .rebalanceStarted, .partitionsAssigned, .offsetsDeleted,
            .groupDeleted:
            takeGroup(event, at: now)
        case .topicCreated(let topic, _, _, _), .partitionsAdded(let topic, _, _), .topicDeleted(let topic, _),
            .recordsDeleted(let topic, _, _, _):
            flushMessages(of: topic, at: now)
            say(BrokerLogText.topic(event))
        case .configsChanged(let change): say(BrokerLogText.configs(change))
        case .transactionChanged(let change):
            if let text = BrokerLogText.transaction(change) { say(text) }
        case .leaderChanged, .coordinatorMoved, .brokerStopped, .brokerStarted, .faultFired: say("\(event)")
        }
        return taken()
    }

    /// The lines whose time has come.
    package mutating func due(at now: Duration) -> [Line] {
        for (topic, gathered) in messages.due(at: now) { say(gathered.text(topic)) }
        for (group, gathered) in commits.due(at: now) { say(gathered, of: group.text, at: now) }
        for (_, limit) in memory.due(at: now) { say(BrokerLogText.memory(limit)) }
        return taken()
    }

    /// The last lines: what is gathered still.
    package mutating func finish() -> [Line] {
        for (topic, gathered) in messages.flush() { say(gathered.text(topic)) }
        for (group, gathered) in commits.flush() { say(gathered.text(group.text)) }
        for (_, limit) in memory.flush() { say(BrokerLogText.memory(limit)) }
        return taken()
    }

    /// What there was, in a few words for the end: `2 topics, 15 messages, 1 group`.
    package var summary: String { totals.text }

    private mutating func taken() -> [Line] {
        if lines.isEmpty { return [] }
        defer { lines = [] }
        return lines
    }

    private mutating func say(_ text: String) {
        lines.append(.text(TerminalText.safe(text)))
    }

    private mutating func gather(_ appended: BrokerEvent.AppendedRecords, at now: Duration) {
        // A marker is the broker's own; its transaction has a line.
        if appended.isMarker { return }
        messages.add(appended.topic, at: now, to: TopicMessages()) { $0.add(appended) }
    }

    private mutating func flushMessages(of topic: String, at now: Duration) {
        if let gathered = messages.flush(topic, at: now) { say(gathered.text(topic)) }
    }

    /// What was committed is told after what it was committed of.
    private mutating func say(_ gathered: GroupCommits, of group: String, at now: Duration) {
        for topic in gathered.topics { flushMessages(of: topic, at: now) }
        say(gathered.text(group))
    }

    private mutating func takeGroup(_ event: BrokerEvent.Kind, at now: Duration) {
        guard let group = BrokerLogText.group(of: event) else { return }
        // One that was only told its id was not there yet.
        if case .memberLeft(_, let member, _) = event, members[group]?.remove(member) == nil { return }
        guard let text = BrokerLogText.group(event) else { return }
        if let gathered = commits.flush(ExactName(group), at: now) { say(gathered, of: group, at: now) }
        switch event {
        case .memberJoined(_, let member, _): members[group, default: []].insert(member)
        case .memberLeft where members[group]?.isEmpty == true: members[group] = nil
        default: break
        }
        say(text)
    }
}

/// What there was in a cluster at its end.
struct BrokerTotals: Sendable {
    private var topics: Set<String> = []
    private var groups: Set<ExactName> = []
    private var messages = 0

    mutating func take(_ event: BrokerEvent.Kind) {
        switch event {
        case .topicCreated(let topic, _, _, _): topics.insert(topic)
        case .topicDeleted(let topic, _): topics.remove(topic)
        case .recordsAppended(let appended) where !appended.isMarker: messages += appended.count
        case .memberJoined(let group, _, _): groups.insert(ExactName(group))
        case .offsetsCommitted(let committed): groups.insert(ExactName(committed.group))
        case .groupDeleted(let group): groups.remove(ExactName(group))
        default: break
        }
    }

    var text: String {
        let parts = [
            Amounts.count(topics.count, "topic"), Amounts.count(messages, "message"),
            Amounts.count(groups.count, "group"),
        ]
        return parts.joined(separator: ", ")
    }
}

/// Whose connections there are: clients open several, and come and go as a whole.
struct ConnectedClients {
    struct Client: Hashable {
        /// Its `client.id`.
        let id: String?
        /// Such as `librdkafka 2.0.2`; empty where it does not say.
        let software: String
        let peer: String
    }

    private var peers: [UInt64: String] = [:]
    private var clients: [UInt64: Client] = [:]
    private var counts: [Client: Int] = [:]

    mutating func opened(_ connection: UInt64, peer: String) {
        peers[connection] = peer
    }

    /// - Returns: the client if this is its first connection.
    mutating func identified(_ event: BrokerEvent.IdentifiedClient) -> Client? {
        let software = [event.softwareName, event.softwareVersion].compactMap(\.self).filter { !$0.isEmpty }
        let client = Client(id: event.client, software: software.joined(separator: " "), peer: event.peer)
        clients[event.connection] = client
        counts[client, default: 0] += 1
        return counts[client] == 1 ? client : nil
    }

    enum Closing {
        /// The last connection of a client.
        case client(Client)
        /// A connection on which nobody ever said who is there.
        case stranger(peer: String)
    }

    /// - Returns: nil for a connection of a client that has others.
    mutating func closed(_ connection: UInt64) -> Closing? {
        let peer = peers.removeValue(forKey: connection)
        guard let client = clients.removeValue(forKey: connection) else { return peer.map { .stranger(peer: $0) } }
        let left = (counts[client] ?? 1) - 1
        counts[client] = left > 0 ? left : nil
        return left > 0 ? nil : .client(client)
    }
}
