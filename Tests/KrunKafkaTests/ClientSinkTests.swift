import Testing

@testable import KrunKafka

@Suite struct ClientSinkTests {
    /// Whatever order they come in.
    @Test(arguments: [["hunter", "hunter2"], ["hunter2", "hunter"]])
    func noRestOfASecretStays(_ secrets: [String]) {
        let sink = ClientSink(
            log: ClientLog(), properties: ["sasl.password": secrets[0], "ssl.key.password": secrets[1]])
        #expect(sink.clean("login with hunter2, key with hunter") == "login with ***, key with ***")
    }
}
