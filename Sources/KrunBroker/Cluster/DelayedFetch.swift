internal import KrunWire
internal import NIOCore

/// A Fetch that waits for `min.bytes` or for its time to run out.
final class DelayedFetch {
    let id: Int
    let request: FetchRequest
    let context: RequestContext
    let partitions: [Partition]
    private let reply: (FetchResponse) -> Void
    var timer: Scheduled<Void>?

    init(
        id: Int, request: FetchRequest, context: RequestContext, partitions: [Partition],
        reply: @escaping (FetchResponse) -> Void
    ) {
        self.id = id
        self.request = request
        self.context = context
        self.partitions = partitions
        self.reply = reply
        for partition in partitions { partition.waiting[id] = self }
    }

    /// Answers it, or, without a response, gives it up.
    func end(with response: FetchResponse?) {
        timer?.cancel()
        timer = nil
        for partition in partitions { partition.waiting[id] = nil }
        if let response { reply(response) }
    }
}
