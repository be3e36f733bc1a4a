import Testing

@testable import StintRuntime

@Suite("A checkout from a mirror", .timeLimit(.minutes(2)))
struct GitMirrorsTests {
  private let scratch: Scratch
  private let repository: SampleRepository
  private let mirrors: GitMirrors
  private let lines = Lines()

  init() async throws {
    scratch = try Scratch()
    repository = try await SampleRepository(in: scratch)
    mirrors = GitMirrors(directory: scratch.path("mirrors"))
  }

  @discardableResult
  private func checkout(
    branch: String? = nil, tag: String? = nil, commit: String? = nil, isShallow: Bool = false,
    into folder: String = "task"
  ) async throws -> Checkout {
    let source = GitSource(repository: repository.origin, branch: branch, tag: tag, commit: commit)
    let mirrors = GitMirrors(directory: mirrors.directory, isShallow: isShallow)
    return try await mirrors.checkout(source, into: scratch.path(folder), environment: inherited, log: lines.add)
  }

  private func text(_ name: String) -> String? { Files.readText(scratch.path(name)) }

  private func git(_ arguments: String..., in folder: String = "task") async throws -> String {
    try await repository.git(arguments, in: scratch.path(folder))
  }

  @Test("has the commit's files and a git folder that answers as a clone would")
  func commit() async throws {
    let first = try await repository.commit("a.py", "print(1)\n", tag: "v1")
    try await repository.commit("a.py", "print(2)\n")
    let made = try await checkout(branch: "main", commit: first)
    #expect(made == Checkout(commit: first, branch: "main"))
    #expect(text("task/a.py") == "print(1)\n")
    #expect(try await git("rev-parse", "HEAD") == first)
    #expect(try await git("remote", "get-url", "origin") == repository.origin)
    #expect(try await git("rev-parse", "--abbrev-ref", "HEAD") == "main")
    #expect(try await git("status", "--porcelain", "--branch") == "## main...origin/main [behind 1]")
    #expect(try await git("describe", "--tags") == "v1")
    #expect(try await git("fsck", "--connectivity-only") == "")
    try scratch.write("task/a.py", "print(3)\n")
    #expect(try await git("diff", "--stat").contains("a.py"))
  }

  @Test("of a branch is always its newest commit, of a commit or tag that is there nothing is fetched")
  func freshness() async throws {
    let first = try await repository.commit("a", "1", tag: "v1")
    #expect(try await checkout(branch: "main", into: "one").commit == first)
    let second = try await repository.commit("a", "2")
    #expect(try await checkout(branch: "main", into: "two").commit == second)
    // What is there needs no origin.
    Files.remove(repository.origin)
    #expect(try await checkout(branch: "main", commit: first, into: "three").commit == first)
    #expect(try await checkout(tag: "v1", into: "four").commit == first)
    #expect(
      try await checkout(commit: String(second.prefix(10)), into: "five") == Checkout(commit: second, branch: nil))
    #expect(text("five/a") == "2")
  }

  @Test(
    "has no history where none is wanted, and gets it where it is",
    arguments: [(nil, nil), ("main", nil), (nil, "v2")] as [(String?, String?)])
  func shallow(branch: String?, tag: String?) async throws {
    try await repository.commit("a", "1")
    let second = try await repository.commit("a", "2", tag: "v2")
    let wanted = branch == nil && tag == nil ? second : nil
    #expect(try await checkout(branch: branch, tag: tag, commit: wanted, isShallow: true, into: "one").commit == second)
    #expect(text("one/a") == "2")
    #expect(try await git("rev-list", "--count", "HEAD", in: "one") == "1")
    #expect(try await git("fsck", "--connectivity-only", in: "one") == "")

    let third = try await repository.commit("a", "3")
    #expect(try await checkout(commit: third, isShallow: true, into: "two").commit == third)
    #expect(try await git("rev-list", "--count", "HEAD", in: "two") == "1")
    #expect(try await checkout(branch: "main", commit: third, into: "three").commit == third)
    #expect(try await git("rev-list", "--count", "HEAD", in: "three") == "3")
    #expect(try await git("fsck", "--connectivity-only", "--no-dangling", in: "one") == "")
    // A mirror with whole histories stays one.
    let fourth = try await repository.commit("a", "4")
    #expect(try await checkout(commit: fourth, isShallow: true, into: "four").commit == fourth)
    #expect(try await git("rev-list", "--count", "HEAD", in: "four") == "4")
  }

  @Test("without any wish is the default branch")
  func defaultBranch() async throws {
    let first = try await repository.commit("a", "1")
    try await repository.commit("b", "2", branch: "other")
    #expect(try await checkout() == Checkout(commit: first, branch: "main"))
  }

  @Test("finds a commit that was pushed after the mirror was made, and one that no branch leads to")
  func lateCommits() async throws {
    let first = try await repository.commit("a", "1")
    try await checkout(commit: first, into: "one")
    let second = try await repository.commit("a", "2", branch: "feature/x")
    #expect(try await checkout(branch: "feature/x", commit: second, into: "two").commit == second)
    let hidden = try await repository.commit("a", "3", branch: "gone")
    _ = try await repository.git(["push", "--quiet", "origin", "gone:refs/merge-requests/1/head", ":gone"])
    #expect(try await checkout(commit: hidden, into: "three").commit == hidden)
  }

  @Test(
    "that asks for what was never pushed says which, where and what to do",
    arguments: [
      GitSource(repository: "", branch: "main", commit: String(repeating: "ab", count: 20)),
      GitSource(repository: "", branch: "no/such"), GitSource(repository: "", tag: "v99"),
    ])
  func missing(wanted: GitSource) async throws {
    try await repository.commit("a", "1")
    let error = await #expect(throws: GitError.self) {
      try await checkout(branch: wanted.branch, tag: wanted.tag, commit: wanted.commit)
    }
    guard case .revisionMissing(_, let what) = error else { throw error ?? .cancelled }
    #expect(what.contains(wanted.commit ?? wanted.tag ?? wanted.branch ?? "?"))
    #expect(error?.description.contains(repository.origin) == true)
    #expect(error?.description.contains("git push") == true)
  }

  @Test("of a repository that is missing or empty says so, and leaves no mirror")
  func missingRepository() async throws {
    let empty = await #expect(throws: GitError.self) { try await checkout() }
    guard case .revisionMissing = empty else { throw empty ?? .cancelled }
    Files.remove(repository.origin)
    Files.removeTree(scratch.path("mirrors"))
    let error = await #expect(throws: GitError.self) { try await checkout() }
    guard case .repositoryUnavailable = error else { throw error ?? .cancelled }
    #expect(Files.names(in: scratch.path("mirrors")).filter { !$0.hasSuffix(".lock") } == [])
  }

  @Test("survives a mirror that is damaged in any way", arguments: ["HEAD", "objects", "packed-refs"])
  func brokenMirror(part: String) async throws {
    let first = try await repository.commit("a", "1")
    try await checkout(branch: "main", commit: first, into: "one")
    let name = try #require(Files.names(in: scratch.path("mirrors")).first { $0.hasSuffix(".git") })
    Files.remove(scratch.path("mirrors/\(name)/\(part)"))
    #expect(try await checkout(branch: "main", commit: first, into: "two").commit == first)
    #expect(text("two/a") == "1")
  }

  @Test("survives packed objects that are damaged")
  func brokenObjects() async throws {
    let first = try await repository.commit("a", String(repeating: "text\n", count: 10))
    try await checkout(branch: "main", commit: first, into: "one")
    let name = try #require(Files.names(in: scratch.path("mirrors")).first { $0.hasSuffix(".git") })
    let objects = scratch.path("mirrors/\(name)/objects")
    for folder in Files.names(in: objects) where folder.count == 2 {
      for file in Files.names(in: "\(objects)/\(folder)") {
        try Files.write("rubbish", to: "\(objects)/\(folder)/\(file)")
      }
    }
    #expect(try await checkout(branch: "main", commit: first, into: "two").commit == first)
    #expect(try await git("status", "--porcelain", in: "two") == "")
  }

  @Test("can be made by many at once from nothing")
  func concurrent() async throws {
    let first = try await repository.commit("a", "1")
    try await withThrowingTaskGroup(of: Checkout.self) { group in
      for index in 0..<8 { group.addTask { try await checkout(commit: first, into: "task-\(index)") } }
      for try await made in group { #expect(made.commit == first) }
    }
    #expect(lines.all.filter { $0.hasPrefix("Cloning") }.count == 1)
  }

  @Test("applies uncommitted changes, also without context and of binary files")
  func apply() async throws {
    try await repository.commit("a.txt", "one\ntwo\nthree\n")
    let first = try await repository.commit("b.bin", "\u{0}binary\u{0}")
    try await checkout(commit: first)
    let folder = scratch.path("task")
    let context = try await repository.diff("a.txt", Array("one\n2\nthree\n".utf8), arguments: ["--unified=0"])
    try await mirrors.apply(diff: String(context.dropLast()), in: folder, environment: inherited)
    #expect(text("task/a.txt") == "one\n2\nthree\n")
    let binary = try await repository.diff("b.bin", [0, 1, 2, 0], arguments: ["--binary"])
    try await mirrors.apply(diff: binary, in: folder, environment: inherited)
    #expect(Files.read(scratch.path("task/b.bin")) == [0, 1, 2, 0])
    try await mirrors.apply(diff: "\n", in: folder, environment: inherited)
  }

  @Test("says in git's words why a change does not apply, and changes nothing")
  func applyFails() async throws {
    let first = try await repository.commit("a.txt", "one\ntwo\n")
    let diff = try await repository.diff("a.txt", Array("one\n2\n".utf8))
    try await checkout(commit: first)
    try scratch.write("task/a.txt", "something else\n")
    let error = await #expect(throws: GitError.self) {
      try await mirrors.apply(diff: diff, in: scratch.path("task"), environment: inherited)
    }
    guard case .diffDoesNotApply(let lines) = error else { throw error ?? .cancelled }
    #expect(lines.contains { $0.contains("patch does not apply") })
    #expect(text("task/a.txt") == "something else\n")
  }

  @Test("brings submodules along")
  func submodules() async throws {
    let library = try await SampleRepository(in: scratch, name: "library")
    try await library.commit("lib.py", "x = 1\n")
    try await repository.commit("a", "1")
    _ = try await repository.git([
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../library.git", "lib",
    ])
    let commit = try await repository.commit("b", "2")
    let source = GitSource(repository: repository.origin, commit: commit)
    let allowed = inherited.merging([
      "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.file.allow", "GIT_CONFIG_VALUE_0": "always",
    ]) { $1 }
    _ = try await mirrors.checkout(source, into: scratch.path("task"), environment: allowed)
    #expect(text("task/lib/lib.py") == "x = 1\n")
  }

  @Test("leaves credentials neither in the checkout nor in the mirror nor in what is logged")
  func credentials() async throws {
    let source = GitSource(repository: "http://me:s3cret%21@127.0.0.1:9/x.git/", branch: "origin/main")
    #expect(source.repository == "http://127.0.0.1:9/x.git")
    #expect(source.credentials == GitCredentials(user: "me", password: "s3cret!"))
    #expect(source.branch == "main")
    let error = await #expect(throws: GitError.self) {
      try await mirrors.checkout(source, into: scratch.path("task"), environment: inherited, log: lines.add)
    }
    guard case .repositoryUnavailable = error else { throw error ?? .cancelled }
    let said = lines.all + [error?.description ?? ""]
    #expect(!said.contains { $0.contains("s3cret") })
    let answer = try await GitCommand(environment: inherited, source: source).run(
      in: scratch.path, ["credential", "fill"], input: Array("protocol=http\nhost=127.0.0.1:9\n\n".utf8)
    ).text
    #expect(answer.contains("username=me\npassword=s3cret!"))
    await #expect(throws: CommandError.self) {
      try await GitCommand(environment: inherited, source: source).run(
        in: scratch.path, ["credential", "fill"], input: Array("protocol=http\nhost=example.org\n\n".utf8))
    }
  }

  @Test(
    "refuses names that git would take for something else",
    arguments: [
      GitSource(repository: "--upload-pack=touch /tmp/x"), GitSource(repository: "r", branch: "../../x"),
      GitSource(repository: "r", branch: "a b"), GitSource(repository: "r", tag: "v1.lock"),
      GitSource(repository: "r", commit: "-x"), GitSource(repository: "r\nx"), GitSource(repository: ""),
    ])
  func hostileNames(source: GitSource) async throws {
    let error = await #expect(throws: GitError.self) {
      try await mirrors.checkout(source, into: scratch.path("task"), environment: inherited)
    }
    guard case .badSource = error else { throw error ?? .cancelled }
  }
}
