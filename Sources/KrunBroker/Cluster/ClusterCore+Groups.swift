internal import KrunWire

extension ClusterCore {
    /// Does what the group coordinator asks for.
    func perform(_ actions: [GroupAction], now: Now) {
        for action in actions {
            switch action {
            case .answerJoin(let token, let answer): joining.removeValue(forKey: token)?(answer)
            case .answerSync(let token, let answer): syncing.removeValue(forKey: token)?(answer)
            case .event(let event): tell(event)
            }
        }
    }
}
