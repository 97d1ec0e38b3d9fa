import Testing

@testable import krun

/// Names of files as GitHub knows them.
struct RepositoryPathTests {
    @Test(arguments: [
        ("a.json", "work/a.json"), ("./a/../b.json", "work/b.json"), ("../c.json", "c.json"),
        ("/repo/work/x/a.json", "work/x/a.json"), ("/repo/./a.json", "a.json"), ("../../a.json", nil),
        ("/repository/a.json", nil), ("/repo", nil), ("..", nil), ("a//b.json", "work/a/b.json"),
    ])
    func fromTheRoot(_ file: String, _ expected: String?) {
        #expect(RepositoryPath.path(of: file, from: "/repo/work", roots: ["/repo/", "/repo/work"]) == expected)
    }

    /// What is not below the repository may be below the working folder; a root that is no path is none.
    @Test func elsewhere() {
        #expect(RepositoryPath.path(of: "a.json", from: "/work", roots: ["/repo", "/work"]) == "a.json")
        #expect(RepositoryPath.path(of: "a.json", from: "/work", roots: ["", "repo", "/work"]) == "a.json")
        #expect(RepositoryPath.path(of: "a.json", from: "/work", roots: []) == nil)
    }

    @Test func whatIsNoFileHasNone() {
        #expect(RepositoryPath.path(of: "(standard input)") == nil)
        #expect(RepositoryPath.path(of: "/dev/stdin") == nil)
        #expect(RepositoryPath.path(of: "/dev/fd/63") == nil)
    }
}
