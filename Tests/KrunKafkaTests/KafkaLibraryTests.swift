import KrunKafka
import Testing

@Suite struct KafkaLibraryTests {
    @Test func versionNumbersAreTheVersionSplit() {
        let numbers = KafkaLibrary.versionNumbers.map(String.init).joined(separator: ".")
        #expect(KafkaLibrary.version.hasPrefix(numbers))
    }
}
