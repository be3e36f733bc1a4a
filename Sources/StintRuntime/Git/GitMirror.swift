import Crypto

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The copy of one repository, in the hands of one checkout.
struct GitMirror: Sendable {
  let source: GitSource
  let path: String
  let git: GitCommand
  let isOffline: Bool
  let log: @Sendable (String) -> Void

  private static let references = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
  private static let defaultBranch = "refs/stint/default"

  init(
    source: GitSource, directory: String, git: GitCommand, isOffline: Bool = false,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.source = source
    self.isOffline = isOffline && source.isElsewhere
    self.path = "\(directory)/\(Digest.hex(of: source.repository)).git"
    self.git = git
    self.log = log
  }

  var exists: Bool { Files.exists(path) }

  /// Puts the wanted commit into `folder`, fetching only what is not here yet.
  func checkout(into folder: String) async throws -> Checkout {
    let (commit, branch) = try await resolve()
    try GitFolder(path: folder, mirror: path, source: source).make(commit: commit, branch: branch)
    try await git.run(in: folder, ["reset", "--hard", "--quiet"])
    if source.submodules, Files.exists(folder + "/.gitmodules") {
      log("Fetching submodules.")
      do {
        try await git.run(in: folder, ["submodule", "update", "--init", "--recursive", "--quiet"])
      } catch {
        guard case .failed(_, _, let lines) = error else { throw error }
        throw GitError.submodulesFailed(repository: source.repository, lastLines: lines)
      }
    }
    return Checkout(commit: commit, branch: branch)
  }

  /// Throws the mirror away, unless somebody is working on it.
  func discard() async throws {
    let lock = try await FileLock.acquire(path + ".lock", .exclusive)
    defer { lock.unlock() }
    Files.removeTree(path)
  }

  // MARK: Finding the commit

  private func resolve() async throws -> (commit: String, branch: String?) {
    let movesOn = source.commit == nil && source.tag == nil && !isOffline
    if exists, !movesOn, let commit = try await find() { return (commit, source.branch) }
    let lock = try await FileLock.acquire(path + ".lock", .exclusive)
    defer { lock.unlock() }
    // Whoever held the lock may have fetched it for us.
    if exists, !movesOn, let commit = try await find() { return (commit, source.branch) }
    if isOffline { throw GitError.offline(repository: source.repository, what: wanted) }
    try await update()
    if let commit = try await find() {
      if movesOn, source.branch == nil { return (commit, try await defaultBranchName(of: commit)) }
      return (commit, source.branch)
    }
    if let commit = source.commit, commit.count >= 40, await fetchDirectly(commit), let found = try await find() {
      return (found, source.branch)
    }
    throw GitError.revisionMissing(repository: source.repository, what: wanted)
  }

  private var wanted: String {
    if let commit = source.commit { return "commit \(commit)" }
    if let tag = source.tag { return "tag '\(tag)'" }
    return source.branch.map { "branch '\($0)'" } ?? "commits yet"
  }

  private var revisions: [String] {
    if let commit = source.commit {
      if commit.count >= 4, commit.allSatisfy(\.isHexDigit) { return [commit] }
      return GitSource.isReferenceName(commit) ? ["refs/tags/\(commit)", "refs/heads/\(commit)"] : []
    }
    if let tag = source.tag { return ["refs/tags/\(tag)"] }
    return [source.branch.map { "refs/heads/\($0)" } ?? Self.defaultBranch]
  }

  private func find() async throws -> String? {
    for revision in revisions {
      do {
        return try await git.run(bare: path, ["rev-parse", "--verify", "--quiet", revision + "^{commit}"]).text
      } catch {
        // Git's code for "no such object"; others say that the mirror is no repository.
        guard case .failed(_, 1, _) = error else { throw error }
      }
    }
    return nil
  }

  private func defaultBranchName(of commit: String) async throws -> String? {
    let tips = try await git.run(
      bare: path, ["for-each-ref", "--format=%(refname:lstrip=2)", "--points-at=\(commit)", "refs/heads"]
    ).text.split(separator: "\n")
    let usual = tips.first { ["main", "master"].contains($0) } ?? tips.first
    return usual.map(String.init)
  }

  // MARK: Fetching

  /// Makes the mirror, or brings it up to date. The lock is held.
  private func update() async throws {
    guard !exists else {
      log("Fetching \(source.repository).")
      try await fetch(into: path)
      return
    }
    log("Cloning \(source.repository).")
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let parent = String(path.dropLast(name.count + 1))
    for leftover in Files.names(in: parent) where leftover.hasPrefix(name + ".new.") {
      Files.remove("\(parent)/\(leftover)")
    }
    // Under its name a mirror is always whole.
    let unfinished = "\(path).new.\(getpid())"
    do {
      try await git.run(in: parent, ["init", "--quiet", "--bare", unfinished])
      try await fetch(into: unfinished)
      guard rename(unfinished, path) == 0 else { throw FileError("cannot rename", unfinished) }
    } catch {
      Files.remove(unfinished)
      throw error
    }
  }

  private func fetch(into repository: String) async throws {
    let needsDefault = source.commit == nil && source.tag == nil && source.branch == nil
    let references = Self.references + (needsDefault ? ["+HEAD:\(Self.defaultBranch)"] : [])
    do {
      try await git.run(
        bare: repository,
        ["fetch", "--quiet", "--force", "--prune", "--no-tags", "--no-write-fetch-head", source.repository] + references
      )
    } catch {
      throw explain(error)
    }
    // Checkouts take their references from the packed file.
    try await git.run(bare: repository, ["pack-refs", "--all"])
  }

  private func explain(_ error: CommandError) -> any Error {
    guard case .failed(_, _, let lines) = error, GitError.isAboutRemote(lines) else { return error }
    if lines.contains(where: { $0.contains("find remote ref HEAD") }) {
      return GitError.revisionMissing(repository: source.repository, what: wanted)
    }
    return GitError.repositoryUnavailable(repository: source.repository, lastLines: lines)
  }

  /// For a commit that no branch or tag leads to, such as that of a merge request.
  private func fetchDirectly(_ commit: String) async -> Bool {
    let fetched = try? await git.run(
      bare: path,
      [
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", source.repository,
        "+\(commit):refs/stint/kept/\(commit)",
      ])
    return fetched != nil
  }
}

/// Names for what is kept under a text that is too long or too secret for a file name.
enum Digest {
  static func hex(of text: String) -> String {
    SHA256.hash(data: Array(text.utf8)).prefix(16).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
