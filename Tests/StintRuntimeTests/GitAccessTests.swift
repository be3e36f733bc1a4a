import Testing

@testable import StintRuntime

@Suite("Access to repositories")
struct GitAccessTests {
  private let mine = GitCredentials(user: "me", password: "p\"a$s'w=ord \\ `x`")
  private let other = GitCredentials(user: "other", password: "second")

  private func access(_ credentials: (GitAccess.Credential.Scope, GitCredentials)...) -> GitAccess {
    GitAccess(credentials: credentials.map { GitAccess.Credential($0.0, $0.1) }, schemeForSSH: "https")
  }

  /// What git itself finds for an address.
  private func fill(_ address: String, _ access: GitAccess) async throws -> [String] {
    var variables = access.variables(over: inherited)
    variables["GIT_CONFIG_GLOBAL"] = "/dev/null"
    variables["GIT_ASKPASS"] = "false"
    let command = Command(
      ["git", "credential", "fill"], environment: variables, input: Array("url=\(address)\n\n".utf8))
    guard let answer = try? await command.run().text else { return [] }
    return answer.split(separator: "\n").filter { $0.hasPrefix("username=") || $0.hasPrefix("password=") }
      .map { String($0.drop { $0 != "=" }.dropFirst()) }
  }

  @Test("gives git the password of a host, whatever characters it has, and of no other host")
  func helper() async throws {
    let access = access(
      (.host("a.test"), mine), (.host("b.test:8443"), other), (.prefix("https://c.test/team"), other))
    #expect(try await fill("https://a.test/x.git", access) == [mine.user, mine.password])
    #expect(try await fill("https://a.test:444/x.git", access) == [mine.user, mine.password])
    #expect(try await fill("https://b.test:8443/x.git", access) == [other.user, other.password])
    #expect(try await fill("https://c.test/team/x.git", access) == [other.user, other.password])
    for address in [
      "https://b.test/x", "https://c.test/others/x", "https://a.test.evil.test/x", "https://evil.test/a.test",
    ] {
      #expect(try await fill(address, access) == [], "\(address)")
      #expect(access.credentials(for: address) == nil, "\(address)")
    }
  }

  @Test("knows which password is for an address, the first that fits")
  func scopes() {
    let access = access((.host("a.test"), mine), (.any, other))
    #expect(access.credentials(for: "https://a.test/x") == mine)
    #expect(access.credentials(for: "https://b.test/x") == other)
    #expect(access.credentials(for: "/srv/x.git") == nil)
    #expect(access.credentials(for: "git@b.test:x.git") == nil)
  }

  @Test("no password is in the settings that git is given, only in variables of their own")
  func settings() {
    let variables = access((.any, mine)).variables(over: [:])
    let settings = variables.filter { $0.key.hasPrefix("GIT_CONFIG") }
    #expect(!settings.isEmpty)
    #expect(!settings.values.contains { $0.contains(mine.password) })
    #expect(variables.filter { $0.value == mine.password }.keys.allSatisfy { $0.hasPrefix("STINT_") })
  }

  @Test(
    "turns addresses of SSH into those of HTTPS where there is a password",
    arguments: [
      ("git@a.test:team/x.git", "https://a.test/team/x.git"), ("ssh://git@a.test:2222/x.git", "https://a.test/x.git"),
      ("git@b.test:x.git", "git@b.test:x.git"), ("https://a.test/x", "https://a.test/x"), ("/srv/a:b", "/srv/a:b"),
    ])
  func overHTTPS(address: String, reached: String) {
    #expect(access((.host("a.test"), mine)).reached(address) == reached)
  }

  @Test(
    "turns addresses of HTTPS into those of SSH where that is wanted",
    arguments: [
      ("https://a.test/x.git", "ssh://mirror@a.test:2222/x.git"), ("https://b.test/x.git", "https://b.test/x.git"),
      ("https://me:word@a.test:8443/x.git", "ssh://mirror@a.test:2222/x.git"),
      ("git@a.test:x.git", "ssh://mirror@a.test:2222/x.git"),
    ])
  func overSSH(address: String, reached: String) {
    let access = GitAccess(overSSH: .init(host: "a.test", port: 2222, user: "mirror"))
    #expect(access.reached(address) == reached)
  }
}

@Suite("The submodules of a repository")
struct SubmodulesTests {
  @Test(
    "may have addresses that begin at the repository's own",
    arguments: [
      ("../b.git", "https://h.test/team/a.git", "https://h.test/team/b.git"),
      ("../../x/b.git", "https://h.test/team/a.git", "https://h.test/x/b.git"), ("./b", "/srv/a", "/srv/a/b"),
      ("../b.git", "git@h.test:team/a.git", "git@h.test:team/b.git"),
      ("../b.git", "git@h.test:a.git", "git@h.test:b.git"),
      ("https://o.test/b", "https://h.test/a", "https://o.test/b"),
    ])
  func relative(address: String, outer: String, resolved: String) {
    #expect(Submodules.resolved(address, against: outer) == resolved)
  }

  @Test(
    "lie inside of the repository",
    arguments: [("lib", true), ("a/b", true), ("../x", false), ("/x", false), ("a/.git", false), ("", false)])
  func paths(path: String, isInside: Bool) { #expect(Submodules.isInside(path) == isInside) }
}

@Suite("An uncommitted change")
struct GitDiffTests {
  private let text = "diff --git a/t b/t\n--- a/t\n+++ b/t\n@@ -1 +1 @@\n-x\r\n+Binary files a/q and b/q differ\n"
  private let binary = "diff --git a/d.bin b/d.bin\nindex 1..2 100644\nBinary files a/d.bin and b/d.bin differ\n"

  @Test("is applied without the binary files that it only names")
  func binaries() {
    let (diff, names) = GitDiff.withoutNamedBinaries(binary + text)
    #expect(diff == text)
    #expect(names == ["d.bin"])
    #expect(GitDiff.withoutNamedBinaries(text) == (text, []))
    let whole = "diff --git a/d b/d\nGIT binary patch\nliteral 1\nIcmZ\n\n"
    #expect(GitDiff.withoutNamedBinaries(whole).diff == whole)
    #expect(GitDiff.withoutNamedBinaries("no line end").diff == "no line end\n")
  }
}
