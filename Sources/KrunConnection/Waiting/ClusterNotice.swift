/// Something about the cluster that somebody should know at once: that it answers no more, or again.
public struct ClusterNotice: Hashable, Sendable {
    /// Whether it answers no more.
    public let isSilent: Bool
    /// A sentence, such as `localhost:9092 has not answered for 6 s (since 12:04:05): connection refused`.
    public let text: String

    package init(isSilent: Bool, text: String) {
        self.isSilent = isSilent
        self.text = text
    }
}
