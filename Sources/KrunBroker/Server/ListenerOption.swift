internal import NIOCore

/// An option of the socket that a broker listens with, and the name that an error gives it.
struct ListenerOption: Sendable {
    let name: String
    let option: ChannelOptions.Types.SocketOption
    let value: SocketOptionValue

    /// What a listener, and so each connection that it accepts, must have.
    ///
    /// `TCP_NODELAY` is an option of the level IPPROTO_TCP; its number at the level SOL_SOCKET is that of `SO_DEBUG`, which only
    /// a privileged process may set.
    static let all = [
        ListenerOption(name: "SO_REUSEADDR", option: .init(level: .socket, name: .so_reuseaddr), value: 1),
        ListenerOption(name: "TCP_NODELAY", option: .init(level: .tcp, name: .tcp_nodelay), value: 1),
    ]

    /// Sets them in turn; fails with a `ClusterError` that names the first that the system refuses.
    static func set(_ options: [ListenerOption], on channel: any Channel) -> EventLoopFuture<Void> {
        options.reduce(channel.eventLoop.makeSucceededVoidFuture()) { before, option in
            before.flatMap { channel.setOption(option.option, value: option.value) }.flatMapErrorThrowing { error in
                throw (error as? ClusterError) ?? ClusterError(setting: option.name, error)
            }
        }
    }
}
