@testable import StintRuntime

/// A bare repository and a working copy that pushes to it, both made by real git.
struct SampleRepository: Sendable {
  let origin: String
  private let work: String
  private let variables: [String: String]

  init(in scratch: Scratch, name: String = "origin") async throws {
    origin = scratch.path(name + ".git")
    work = scratch.path(name + "-work")
    variables = inherited.merging([
      "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
      "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": "/dev/null",
    ]) { $1 }
    try Files.makeDirectory(work)
    _ = try await git(["init", "--quiet", "--bare", "--initial-branch=main", origin])
    _ = try await git(["init", "--quiet", "--initial-branch=main"])
    _ = try await git(["remote", "add", "origin", origin])
  }

  /// Commits one file and pushes it; the commit's hash.
  @discardableResult
  func commit(_ name: String, _ text: String, branch: String = "main", tag: String? = nil) async throws -> String {
    if try await git(["branch", "--show-current"]) != branch {
      _ = try await git(["checkout", "--quiet", "-b", branch])
    }
    if let slash = name.lastIndex(of: "/") { try Files.makeDirectory("\(work)/\(name[..<slash])") }
    try Files.write(text, to: "\(work)/\(name)")
    _ = try await git(["add", "--all"])
    _ = try await git(["commit", "--quiet", "-m", "change \(name)"])
    if let tag { _ = try await git(["tag", "-a", "-m", tag, tag]) }
    _ = try await git(["push", "--quiet", "--tags", "origin", branch])
    return try await git(["rev-parse", "HEAD"])
  }

  /// What `git diff` says about a change that is not committed. The change is undone.
  func diff(_ name: String, _ text: [UInt8], arguments: [String] = []) async throws -> String {
    try Files.write(String(decoding: text, as: UTF8.self), to: "\(work)/\(name)")
    let output = try await Command(
      ["git", "diff"] + arguments, environment: variables, workingDirectory: work
    ).run()
    _ = try await git(["checkout", "--quiet", "--", "."])
    return String(decoding: output.standardOutput, as: UTF8.self)
  }

  func git(_ arguments: [String], in folder: String? = nil) async throws -> String {
    try await Command(["git"] + arguments, environment: variables, workingDirectory: folder ?? work).run().text
  }
}
