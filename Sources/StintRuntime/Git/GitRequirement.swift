/// A requirement whose code is in a repository, as `name @ git+https://host/x.git@main#subdirectory=y`.
struct GitRequirement: Equatable {
  /// What comes before the address, `git+` included.
  let head: String
  /// The address, never with credentials in it.
  let repository: String
  let credentials: GitCredentials?
  /// A branch, tag or commit.
  let revision: String?
  /// What comes behind the revision.
  let tail: String
  private let written: String

  init?(_ line: String) {
    guard let git = line.firstRange(of: "git+") else { return nil }
    let rest = line[git.upperBound...]
    let address = rest.prefix { !$0.isWhitespace && $0 != "#" && $0 != ";" }
    guard let scheme = address.firstRange(of: "://") else { return nil }
    let path = address[scheme.upperBound...].firstIndex(of: "/") ?? address.endIndex
    let at = address[path...].lastIndex(of: "@")
    written = String(at.map { address[..<$0] } ?? address)
    let source = GitSource(repository: written)
    (repository, credentials) = (source.repository, source.credentials)
    revision = at.map { String(address[address.index(after: $0)...]) }
    head = String(line[..<git.upperBound])
    tail = String(rest[address.endIndex...])
  }

  var isPinned: Bool { revision.map { $0.count == 40 && $0.allSatisfy(\.isHexDigit) } ?? false }

  func line(at commit: String) -> String { "\(head)\(written)@\(commit)\(tail)" }
}

extension GitMirrors {
  /// The hosts of the repositories among these requirements.
  package static func hosts(of lines: [String]) -> [String] {
    Set(lines.compactMap { GitRequirement($0).flatMap { GitAddress($0.repository)?.host } }).sorted()
  }

  /// The same requirements, with the commits in place of branches and tags: those move, an environment does not.
  package func pinned(
    _ lines: [String], access: GitAccess = GitAccess(), environment: [String: String]
  ) async throws(GitError) -> [String] {
    guard !isOffline else { return lines }
    var pinned: [String] = []
    for line in lines {
      guard let requirement = GitRequirement(line), !requirement.isPinned else {
        pinned.append(line)
        continue
      }
      pinned.append(try await commit(of: requirement, access, environment).map(requirement.line) ?? line)
    }
    return pinned
  }

  /// Nil where the host does not say; then the installer finds out why.
  private func commit(
    of requirement: GitRequirement, _ access: GitAccess, _ environment: [String: String]
  ) async throws(GitError) -> String? {
    let source = GitSource(repository: requirement.repository, credentials: requirement.credentials)
    guard source.complaint == nil else { return nil }
    let revision = requirement.revision ?? "HEAD"
    let answer: String
    do {
      try Files.makeDirectory(directory)
      answer = try await GitCommand(environment: environment, access: access, source: source).run(
        in: directory, ["ls-remote", "--quiet", access.reached(source.repository), revision, revision + "^{}"]
      ).text
    } catch {
      if case CommandError.cancelled = error { throw .cancelled }
      return nil
    }
    let found = answer.split(separator: "\n").compactMap { line -> (name: Substring, commit: Substring)? in
      let parts = line.split(separator: "\t")
      return parts.count == 2 ? (parts[1], parts[0]) : nil
    }
    let wanted = ["refs/tags/\(revision)^{}", "refs/tags/\(revision)", "refs/heads/\(revision)", revision]
    return wanted.lazy.compactMap { name in found.first { $0.name == name } }.first.map { String($0.commit) }
  }
}
