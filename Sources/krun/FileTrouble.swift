#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Why a file could not be read or written, in words.
enum FileTrouble {
    static func reason(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        switch error.code {
        case .fileReadNoPermission: return "you have no permission to read it"
        case .fileWriteNoPermission: return "you have no permission to write there"
        default: break
        }
        guard let cause = error.userInfo["NSUnderlyingError"] as? POSIXError else { return "\(error)" }
        return String(cString: strerror(cause.code.rawValue))
    }
}
