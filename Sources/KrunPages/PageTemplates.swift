import Mustache

/// The files that pages are made of, as they stand in `Templates`.
enum PageTemplates {
    static let css = String(decoding: PackageResources.page_css, as: UTF8.self)
    /// One after the other: each knows what those before it have.
    static let script = [PackageResources.text_js, PackageResources.page_js].map { String(decoding: $0, as: UTF8.self) }
        .joined()
    static let page = template(PackageResources.page_mustache)
    static let index = template(PackageResources.index_mustache)

    private static func template(_ bytes: [UInt8]) -> MustacheTemplate {
        do {
            return try MustacheTemplate(string: String(decoding: bytes, as: UTF8.self))
        } catch {
            // It is part of the program, and each is rendered by a test.
            preconditionFailure("a template of krun's own is wrong: \(error)")
        }
    }
}
