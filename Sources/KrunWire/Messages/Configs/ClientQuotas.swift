/// Asks for quotas of users, clients and addresses (KIP-546).
package struct DescribeClientQuotasRequest: KafkaRequest {
    package typealias Response = DescribeClientQuotasResponse

    package static var apiKey: ApiKey { .describeClientQuotas }
    package static var versions: ClosedRange<Int16> { 0...1 }
    package static var firstFlexibleVersion: Int16 { 1 }

    package var components: [ComponentData] = []
    package var strict: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&components, version: version)
        try coder.code(&strict)
        try coder.endFields()
    }
}

extension DescribeClientQuotasRequest {
    package struct ComponentData: WireMessage {
        package var entityType: String = ""
        package var matchType: Int8 = 0
        package var match: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&entityType)
            try coder.code(&matchType)
            try coder.code(&match)
            try coder.endFields()
        }
    }
}

/// The quotas that the filter lets pass. Null entries: an error.
package struct DescribeClientQuotasResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var errorCode: ErrorCode = .none
    package var errorMessage: String? = ""
    package var entries: [EntryData]? = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&errorCode)
        try coder.code(&errorMessage)
        try coder.code(&entries, version: version)
        try coder.endFields()
    }
}

extension DescribeClientQuotasResponse {
    package struct EntryData: WireMessage {
        package var entity: [EntityData] = []
        package var values: [ValueData] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&entity, version: version)
            try coder.code(&values, version: version)
            try coder.endFields()
        }
    }

    package struct EntityData: WireMessage {
        package var entityType: String = ""
        package var entityName: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&entityType)
            try coder.code(&entityName)
            try coder.endFields()
        }
    }

    package struct ValueData: WireMessage {
        package var key: String = ""
        /// The bits of a number of 64.
        package var value: UInt64 = 0

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&key)
            try coder.code(&value)
            try coder.endFields()
        }
    }
}

/// Sets and removes quotas of users, clients and addresses (KIP-546).
package struct AlterClientQuotasRequest: KafkaRequest {
    package typealias Response = AlterClientQuotasResponse

    package static var apiKey: ApiKey { .alterClientQuotas }
    package static var versions: ClosedRange<Int16> { 0...1 }
    package static var firstFlexibleVersion: Int16 { 1 }

    package var entries: [EntryData] = []
    package var validateOnly: Bool = false

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&entries, version: version)
        try coder.code(&validateOnly)
        try coder.endFields()
    }
}

extension AlterClientQuotasRequest {
    package struct EntryData: WireMessage {
        package var entity: [EntityData] = []
        package var ops: [OpData] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&entity, version: version)
            try coder.code(&ops, version: version)
            try coder.endFields()
        }
    }

    package struct EntityData: WireMessage {
        package var entityType: String = ""
        package var entityName: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&entityType)
            try coder.code(&entityName)
            try coder.endFields()
        }
    }

    package struct OpData: WireMessage {
        package var key: String = ""
        /// The bits of a number of 64.
        package var value: UInt64 = 0
        package var remove: Bool = false

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&key)
            try coder.code(&value)
            try coder.code(&remove)
            try coder.endFields()
        }
    }
}

/// What became of each entry.
package struct AlterClientQuotasResponse: WireMessage {
    package var throttleTimeMs: Int32 = 0
    package var entries: [EntryData] = []

    package init() {}

    package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
        try coder.code(&throttleTimeMs)
        try coder.code(&entries, version: version)
        try coder.endFields()
    }
}

extension AlterClientQuotasResponse {
    package struct EntryData: WireMessage {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String? = ""
        package var entity: [EntityData] = []

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&errorCode)
            try coder.code(&errorMessage)
            try coder.code(&entity, version: version)
            try coder.endFields()
        }
    }

    package struct EntityData: WireMessage {
        package var entityType: String = ""
        package var entityName: String? = ""

        package init() {}

        package mutating func code(_ coder: inout some WireCoder, version: Int16) throws(WireError) {
            try coder.code(&entityType)
            try coder.code(&entityName)
            try coder.endFields()
        }
    }
}
