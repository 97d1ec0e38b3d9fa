/// Whose clock a record's timestamp is from: bit 3 of a batch's attributes, and the config `message.timestamp.type`.
package enum TimestampType: Sendable {
    case createTime
    case logAppendTime
}
