import Foundation
import Testing

private let setupScript = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "scripts/setup.sh").path

/// What `scripts/setup.sh`, and so `make`, says to who may not install packages.
///
/// It runs among programs that only look like those of a system, so that nothing is installed.
@Suite(
    .gated, .timeLimit(.minutes(10)),
    .enabled(if: FileManager.default.isReadableFile(atPath: setupScript), "it is not here"))
struct SetupScriptTests {
    private static let installer = "#!/bin/sh\necho installing >&2\n"
    private static let ordinaryUser = ["id": "#!/bin/sh\necho 1000\n"]
    private static let noSudo = ["sudo": "#!/bin/sh\nexit 1\n"]
    private static let everything = ["pkg-config": "#!/bin/sh\n", "make": "#!/bin/sh\n"]

    /// - Parameter programs: besides the shell.
    private func run(_ programs: [String: String], _ arguments: [String] = []) async throws -> CommandRun {
        let scratch = try TemporaryFolder()
        for (name, text) in programs.merging(Self.ordinaryUser, uniquingKeysWith: { own, _ in own }) {
            let file = scratch.url.appending(path: name)
            try Data(text.utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
        let bash = try #require(
            ["/bin/bash", "/usr/bin/bash"].first { FileManager.default.isExecutableFile(atPath: $0) })
        return try await CommandRun.run(
            URL(filePath: bash), [setupScript] + arguments, in: scratch.url,
            environment: ["PATH": scratch.url.path])
    }

    @Test func silentWhereEverythingIsThere() async throws {
        for installer in ["apt-get", "dnf", "brew"] {
            let run = try await run(Self.everything.merging([installer: Self.installer]) { $1 })
            #expect(run.error == "")
            #expect(run.exitCode == 0)
        }
    }

    /// Snappy is where this test could be built.
    @Test(arguments: [
        (
            "apt-get",
            "apt-get install -y --no-install-recommends pkg-config librdkafka-dev libjansson-dev zlib1g-dev liblz4-dev "
                + "libzstd-dev make"
        ),
        (
            "dnf",
            "dnf install -y pkgconf-pkg-config librdkafka-devel jansson-devel zlib-devel lz4-devel libzstd-devel make"
        ),
    ])
    func namesWhatToAskFor(_ installer: String, _ command: String) async throws {
        for sudo in [[:], Self.noSudo] {
            let run = try await run(sudo.merging([installer: Self.installer]) { $1 })
            #expect(
                run.error == """
                    setup: what is missing can be installed by an administrator only; ask one for:
                    setup:   \(command)

                    """)
            #expect(run.exitCode == 1)
        }
    }

    /// What `scripts/clients.sh` and the like ask for.
    @Test func namesFurtherPackages() async throws {
        let run = try await run(Self.everything.merging(["apt-get": Self.installer]) { $1 }, ["python3-venv"])
        #expect(
            run.error == """
                setup: what is missing can be installed by an administrator only; ask one for:
                setup:   apt-get install -y --no-install-recommends python3-venv

                """)
        #expect(run.exitCode == 1)
    }

    @Test func oldLibrariesAreToldAsSuch() async throws {
        // As root, and everything but the library is as wanted.
        let old = """
            #!/bin/sh
            case "$1 $*" in
            --modversion*rdkafka) echo 1.9.0 ;;
            --modversion*) echo 1.2.3 ;;
            *rdkafka*) exit 1 ;;
            esac
            """
        let env = "#!/bin/sh\nshift\nexec \"$@\"\n"
        let run = try await run([
            "id": "#!/bin/sh\necho 0\n", "pkg-config": old, "make": "#!/bin/sh\n", "env": env, "apt-get": "#!/bin/sh\n",
        ])
        #expect(
            run.error == """
                setup: installing librdkafka-dev with apt-get
                setup: these are needed with their headers:
                setup:   rdkafka: pkg-config finds 1.9.0
                setup:   jansson: pkg-config finds 1.2.3
                setup:   zlib: pkg-config finds 1.2.3
                setup:   liblz4: pkg-config finds 1.2.3
                setup:   libzstd: pkg-config finds 1.2.3
                setup: librdkafka must be 2.0.2 or newer

                """)
        #expect(run.exitCode == 1)
    }
}
