import KrunBroker
import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct FaultPlanTests {
    private typealias Failure = FaultDecision.Failure

    private func now(_ seconds: Int = 0) -> Now { Now(uptime: .seconds(seconds), wallMilliseconds: 0) }

    /// A Produce of client `app` to `orders` 0 and 1 and `audit` 0.
    private func produce(_ change: (inout RequestFacts) -> Void = { _ in }) -> RequestFacts {
        var facts = RequestFacts(
            kind: .produce, broker: 1, client: "app",
            topics: [.init(name: "orders", partitions: [0, 1]), .init(name: "audit", partitions: [0])])
        change(&facts)
        return facts
    }

    private func decide(_ rules: FaultRule..., on facts: RequestFacts) throws -> FaultDecision {
        var plan = FaultPlan()
        for rule in rules { _ = try plan.add(rule, now: now()) }
        return plan.decide(facts, now: now())
    }

    @Test func anEmptyPlanLetsEverythingProceed() {
        var plan = FaultPlan()
        #expect(plan.isEmpty && !plan.concerns(.produce))
        #expect(plan.decide(produce(), now: now()) == FaultDecision())
    }

    @Test func aRuleWithoutATopicFailsTheWholeRequest() throws {
        let decision = try decide(.fail(.produce, with: "NOT_ENOUGH_REPLICAS"), on: produce())
        #expect(decision.course == .fail(.notEnoughReplicas))
        #expect(decision.failures == [])
        #expect(decision.fired.map(\.number) == [1])
    }

    @Test func aRuleWithATopicFailsItsPartOfTheRequest() throws {
        var decision = try decide(.fail(.produce, with: "NOT_LEADER_OR_FOLLOWER", topic: "orders"), on: produce())
        #expect(decision.course == .proceed)
        #expect(
            decision.failures
                == [0, 1].map {
                    Failure(topic: "orders", partition: $0, errorCode: .notLeaderOrFollower)
                })
        #expect(decision.error(topic: "orders", partition: 1) == .notLeaderOrFollower)
        #expect(decision.error(topic: "audit", partition: 0) == nil)

        decision = try decide(
            .fail(.produce, with: "NOT_LEADER_OR_FOLLOWER", topic: "orders", partition: 1), on: produce())
        #expect(decision.failures == [Failure(topic: "orders", partition: 1, errorCode: .notLeaderOrFollower)])
        decision = try decide(.fail(.produce, with: "NOT_LEADER_OR_FOLLOWER", partition: 0), on: produce())
        #expect(decision.failures.map(\.topic) == ["orders", "audit"])
        decision = try decide(
            .fail(.produce, with: "NOT_LEADER_OR_FOLLOWER", topic: "orders", partition: 2), on: produce())
        #expect(decision.isNone)
    }

    /// CreateTopics and the like are about a topic and no partition.
    @Test func aRequestAboutAWholeTopic() throws {
        let create = RequestFacts(
            kind: .createTopics, broker: 0, client: nil, topics: [.init(name: "orders", partitions: [])])
        let decision = try decide(.fail(.createTopics, with: "POLICY_VIOLATION", topic: "orders"), on: create)
        #expect(decision.failures == [Failure(topic: "orders", partition: nil, errorCode: .policyViolation)])
        #expect(decision.error(topic: "orders", partition: 3) == .policyViolation)
        #expect(
            try decide(.fail(.createTopics, with: "POLICY_VIOLATION", topic: "orders", partition: 0), on: create).isNone
        )
    }

    @Test func everyGivenFactMustMatch() throws {
        let full = produce {
            $0.transactionalId = "tx"
            $0.group = "g"
            $0.member = "m"
            $0.instance = "i"
        }
        var rule = FaultRule(
            .disconnect, kind: .produce, broker: 1, topic: "audit", partition: 0, client: "app", transactionalId: "tx",
            group: "g", member: "m")
        #expect(try decide(rule, on: full).course == .disconnect)
        rule.member = "i"
        #expect(try decide(rule, on: full).course == .disconnect)
        let others: [(inout RequestFacts) -> Void] = [
            { $0.kind = .fetch }, { $0.broker = 2 }, { $0.topics = [.init(name: "orders", partitions: [0])] },
            { $0.topics = [.init(name: "audit", partitions: [1])] }, { $0.topics = [] }, { $0.client = "app2" },
            { $0.client = nil }, { $0.transactionalId = nil }, { $0.group = "h" }, { $0.instance = "j" },
        ]
        for change in others {
            var facts = full
            change(&facts)
            #expect(try decide(rule, on: facts).isNone)
        }
    }

    @Test(arguments: [
        ("app", true), ("app*", true), ("a*", true), ("*", true), ("ap", false), ("apps*", false), ("", false),
    ])
    func clientsByIdOrByItsBeginning(client: String, matches: Bool) throws {
        #expect(try decide(.silence(client: client), on: produce()).isNone != matches)
    }

    @Test func timesAndSkipping() throws {
        var plan = FaultPlan()
        let id = try plan.add(.disconnect(.produce, times: 2, skipping: 1), now: now())
        let courses = (0..<5).map { _ in plan.decide(produce(), now: now()).course }
        #expect(courses == [.proceed, .disconnect, .disconnect, .proceed, .proceed])
        #expect(plan.timesFired(id) == 2)
        #expect(plan.isEmpty)
        let never = try plan.add(.disconnect(times: 0), now: now())
        #expect(plan.isEmpty && plan.timesFired(never) == 0)
    }

    @Test func aRuleHoldsForItsTime() throws {
        var plan = FaultPlan()
        let id = try plan.add(.silence(lasting: .seconds(5)), now: now(10))
        #expect(plan.rules(now: now(14)).map(\.id) == [id])
        #expect(plan.decide(produce(), now: now(14)).course == .silence)
        #expect(plan.rules(now: now(15)).isEmpty)
        #expect(plan.decide(produce(), now: now(15)).course == .proceed)
        #expect(plan.isEmpty && plan.timesFired(id) == 1)
    }

    @Test func removedRules() throws {
        var plan = FaultPlan()
        let first = try plan.add(.silence(), now: now())
        let second = try plan.add(.disconnect(), now: now())
        _ = plan.decide(produce(), now: now())
        #expect(plan.remove(first) && !plan.remove(first))
        #expect(plan.rule(first) == nil && plan.rule(second) == .disconnect())
        #expect(plan.decide(produce(), now: now()).course == .disconnect)
        plan.removeAll()
        #expect(plan.isEmpty)
        #expect([first, second].map { plan.timesFired($0) } == [1, 1])
        #expect(plan.timesFired(FaultID(number: 9)) == nil)
    }

    /// Every delay counts; of the rest, the first rule decides and the later ones keep their turn.
    @Test func severalRules() throws {
        var plan = FaultPlan()
        _ = try plan.add(.delay(.produce, by: .milliseconds(50)), now: now())
        _ = try plan.add(.disconnect(.produce, times: 1), now: now())
        let last = try plan.add(.fail(.produce, with: "REQUEST_TIMED_OUT", times: 1), now: now())
        _ = try plan.add(.delay(by: .milliseconds(20)), now: now())
        _ = try plan.add(.delay(by: .milliseconds(-20)), now: now())
        var decision = plan.decide(produce(), now: now())
        #expect(decision.course == .disconnect && decision.delay == .milliseconds(70))
        #expect(decision.fired.map(\.number) == [1, 2, 4, 5])
        #expect(plan.timesFired(last) == 0)
        decision = plan.decide(produce(), now: now())
        #expect(decision.course == .fail(.requestTimedOut))
        #expect(plan.decide(produce(), now: now()).course == .proceed)
        #expect(plan.concerns(.fetch))
    }

    /// Two rules for the same partition take turns, two for different ones act together; a part that is lost may fail too.
    @Test func partsOfOneRequest() throws {
        var plan = FaultPlan()
        for error in ["NOT_ENOUGH_REPLICAS", "REQUEST_TIMED_OUT"] as [KafkaErrorName] {
            _ = try plan.add(.fail(.produce, with: error, topic: "orders", partition: 0, times: 1), now: now())
        }
        _ = try plan.add(.fail(.produce, with: "KAFKA_STORAGE_ERROR", topic: "audit", times: 1), now: now())
        _ = try plan.add(.loseAcknowledgement(topic: "orders", times: 1, by: .silence), now: now())
        let first = plan.decide(produce(), now: now())
        #expect(first.course == .performAndLose(.silence))
        #expect(
            first.failures == [
                Failure(topic: "orders", partition: 0, errorCode: .notEnoughReplicas),
                Failure(topic: "audit", partition: 0, errorCode: .kafkaStorageError),
            ])
        let second = plan.decide(produce(), now: now())
        #expect(second.course == .proceed)
        #expect(second.failures == [Failure(topic: "orders", partition: 0, errorCode: .requestTimedOut)])
        #expect(plan.isEmpty)
    }

    @Test func aLostAcknowledgementIsOfAProduceByDefault() throws {
        #expect(
            try decide(.loseAcknowledgement(topic: "orders"), on: produce()).course == .performAndLose(.disconnect))
        #expect(try decide(.loseAcknowledgement(topic: "orders"), on: produce { $0.kind = .fetch }).isNone)
    }

    @Test func lostHeartbeats() throws {
        let heartbeat = RequestFacts(kind: .heartbeat, broker: 0, client: "app", group: "billing", member: "m-1")
        #expect(try decide(.loseHeartbeats(group: "billing"), on: heartbeat).course == .loseHeartbeat)
        #expect(try decide(.loseHeartbeats(group: "billing", member: "m-1"), on: heartbeat).course == .loseHeartbeat)
        #expect(try decide(.loseHeartbeats(group: "billing", member: "m-2"), on: heartbeat).isNone)
        #expect(try decide(.loseHeartbeats(group: "other"), on: heartbeat).isNone)
        var join = heartbeat
        join.kind = .joinGroup
        #expect(try decide(FaultRule(.loseHeartbeat, group: "billing"), on: join).isNone)
    }

    @Test func aMistypedErrorIsRefusedWithWhatWasMeant() {
        var plan = FaultPlan()
        let error = #expect(throws: UnknownKafkaErrorName.self) {
            try plan.add(.fail(.produce, with: "NOT_LEADER_OR_FOLOWER"), now: now())
        }
        #expect(
            error?.description
                == "Kafka has no error named \"NOT_LEADER_OR_FOLOWER\"; did you mean NOT_LEADER_OR_FOLLOWER?")
        #expect(plan.isEmpty)
        #expect(throws: UnknownKafkaErrorName.self) { try KafkaErrorName(named: "nonsense") }
        #expect(UnknownKafkaErrorName(name: "nonsense").nearest == [])
        #expect(UnknownKafkaErrorName(name: "NotCoordinator").nearest.first == "NOT_COORDINATOR")
        #expect(UnknownKafkaErrorName(name: String(repeating: "x", count: 100_000)).nearest == [])
        #expect(UnknownKafkaErrorName(name: "").nearest == [])
    }

    @Test func everyErrorOfKafkasHasAName() throws {
        for code in ErrorCode.allCases { #expect(try KafkaErrorName(named: code.name).code() == code) }
    }

    @Test func rulesInWords() {
        let rules: [FaultRule] = [
            .fail(.produce, with: "NOT_LEADER_OR_FOLLOWER", topic: "orders", partition: 0, times: 2),
            .delay(.fetch, by: .milliseconds(50)), .delay(by: .microseconds(1_204_567), broker: 2),
            .loseAcknowledgement(topic: "orders", times: 1),
            .loseAcknowledgement(of: .endTxn, transactionalId: "tx", by: .silence),
            .loseHeartbeats(group: "billing", member: "m-1", lasting: .seconds(30)),
            .silence(client: "app*", skipping: 3),
            .disconnect(.metadata, partition: 4),
        ]
        #expect(
            rules.map(\.description) == [
                "Produce to orders 0 fails with NOT_LEADER_OR_FOLLOWER, 2 times", "Fetch is answered 50 ms later",
                "every request at broker 2 is answered 1.204 s later",
                "Produce to orders is performed, then its connection closed, once",
                "EndTxn of transactional id tx is performed and never answered",
                "Heartbeat of group billing of member m-1 is lost, for 30 s",
                "every request from app* is swallowed, after 3 that pass",
                "Metadata to partition 4 closes its connection",
            ])
    }
}

@Suite(.timeLimit(.minutes(1)))
struct RequestKindTests {
    @Test func namesAndNumbers() {
        #expect(RequestKind.produce.rawValue == 0 && RequestKind.produce.name == "Produce")
        #expect(RequestKind.listTransactions.rawValue == 66)
        #expect(RequestKind(name: "endtxn") == .endTxn)
        #expect(RequestKind(name: "EndTransaction") == nil)
        #expect(RequestKind(rawValue: 99).name == "API 99")
        for kind in RequestKind.allKnown { #expect(RequestKind(name: kind.name) == kind) }
        #expect(RequestKind.allKnown.count == 49)
    }
}

extension FaultPlan {
    /// Whether no rule is in force.
    fileprivate var isEmpty: Bool { entries.isEmpty }

    /// The rules in force with how often each fired.
    fileprivate func rules(now: Now) -> [(id: FaultID, rule: FaultRule, fired: Int)] {
        entries.filter { $0.until.map { now.uptime < $0 } ?? true }.map { ($0.id, $0.rule, $0.fired) }
    }

    /// The rule of that id, if it is in force.
    fileprivate func rule(_ id: FaultID) -> FaultRule? {
        entries.first { $0.id == id }?.rule
    }
}

extension FaultDecision {
    /// Whether no rule fired.
    fileprivate var isNone: Bool { fired.isEmpty }
}
