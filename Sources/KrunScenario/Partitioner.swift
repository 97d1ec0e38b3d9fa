/// How a producer places a message that names no partition: librdkafka's partitioners, by their names there.
public enum Partitioner: String, Hashable, Sendable, CaseIterable {
    case random
    case consistent
    case consistentRandom = "consistent_random"
    case murmur2
    case murmur2Random = "murmur2_random"
    case fnv1a
    case fnv1aRandom = "fnv1a_random"
}
