#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The copy of one repository, in the hands of one checkout.
struct GitMirror: Sendable {
  let source: GitSource
  /// Where the repository is fetched from.
  let address: String
  let path: String
  let git: GitCommand
  let context: Context
  let isOffline: Bool

  /// What the mirrors of a repository and of its submodules have in common.
  struct Context: Sendable {
    let access: GitAccess
    let directory: String
    let environment: [String: String]
    let isOffline: Bool
    /// Whether only commits that are wanted are fetched, without their history.
    let isShallow: Bool
    let log: @Sendable (String) -> Void
  }

  var log: @Sendable (String) -> Void { context.log }

  private static let references = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
  private static let defaultBranch = "refs/stint/default"

  init(source: GitSource, context: Context) {
    self.source = source
    self.context = context
    let address = context.access.reached(source.repository)
    // What one may read with a password is not for others to find here.
    let credentials = source.credentials ?? context.access.credentials(for: address)
    let secret = credentials.map { "\n\($0.user)\n\($0.password)" } ?? ""
    self.address = address
    path = "\(context.directory)/\(Digest.hex(of: address + secret)).git"
    isOffline = context.isOffline && source.isElsewhere
    git = GitCommand(
      environment: context.environment, access: context.access, source: source, isOffline: context.isOffline)
  }

  var exists: Bool { Files.exists(path) }
  /// Whether histories end early in this mirror.
  private var isCut: Bool { Files.exists(path + "/shallow") }

  /// `checkout`, once more with a new mirror where this one is torn.
  func repairedCheckout(into folder: String) async throws -> Checkout {
    let existed = exists
    do {
      return try await checkout(into: folder)
    } catch {
      guard existed, GitError(error, folder: folder).mayBeBrokenMirror else { throw error }
      log("The mirror of \(source.repository) is damaged and is made again.")
      try await discard()
      Files.removeTree(folder)
      return try await checkout(into: folder)
    }
  }

  /// Puts the wanted commit into `folder`, fetching only what is not here yet.
  private func checkout(into folder: String) async throws -> Checkout {
    let (commit, branch) = try await resolve()
    try GitFolder(path: folder, mirror: path, source: source).make(commit: commit, branch: branch)
    try await git.run(in: folder, ["reset", "--hard", "--quiet"])
    try await LargeFiles(folder: folder, store: path + "/lfs", git: git, context: context).fetch()
    if source.submodules, Files.exists(folder + "/.gitmodules") {
      try await Submodules(folder: folder, source: source, git: git, context: context).checkout()
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
    let lacksHistory = isCut && !context.isShallow
    let movesOn = (source.commit == nil && source.tag == nil || lacksHistory) && !isOffline
    if exists, !movesOn, let commit = try await find() { return (commit, source.branch) }
    let lock = try await FileLock.acquire(path + ".lock", .exclusive)
    defer { lock.unlock() }
    // Whoever held the lock may have fetched it for us.
    if exists, !movesOn, let commit = try await find() { return (commit, source.branch) }
    if isOffline { throw GitError.offline(repository: source.repository, what: wanted) }
    try await update()
    if let commit = try await find() {
      if source.commit == nil, source.tag == nil, source.branch == nil {
        return (commit, try await defaultBranchName(of: commit))
      }
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
    // A mirror with whole histories stays one.
    let isEnough = context.isShallow && (isCut || !exists) ? try await fetchAlone(into: repository) : false
    if !isEnough {
      let needsDefault = source.commit == nil && source.tag == nil && source.branch == nil
      let references = Self.references + (needsDefault ? ["+HEAD:\(Self.defaultBranch)"] : [])
      try await overBadLinks {
        try await git.run(
          bare: repository,
          ["fetch", "--quiet", "--force", "--prune", "--no-tags", "--no-write-fetch-head"]
            + (isCut ? ["--unshallow"] : []) + [address] + references)
      }
    }
    // Checkouts take their references from the packed file.
    try await git.run(bare: repository, ["pack-refs", "--all"])
  }

  /// Tries again, after pauses that grow, what failed because a link broke.
  private func overBadLinks(_ fetch: () async throws -> Void) async throws {
    for pause in [1, 2, 4, 8, nil] {
      do {
        return try await fetch()
      } catch {
        guard let error = error as? CommandError else { throw error }
        guard case .failed(_, _, let lines) = error, GitError.isAboutLink(lines), let pause else {
          throw explain(error)
        }
        log("The connection to \(source.repository) broke: \(lines.last ?? ""). Trying again in \(pause) s.")
        try await Task.sleep(for: .seconds(pause))
      }
    }
  }

  private func explain(_ error: CommandError) -> any Error {
    guard case .failed(_, _, let lines) = error, GitError.isAboutRemote(lines) else { return error }
    if lines.contains(where: { $0.contains("find remote ref HEAD") }) {
      return GitError.revisionMissing(repository: source.repository, what: wanted)
    }
    return GitError.repositoryUnavailable(repository: source.repository, lastLines: lines)
  }

  /// Fetches what the task wants and no history. False where the host gives that to nobody, or where its name does not
  /// tell what it is.
  private func fetchAlone(into repository: String) async throws -> Bool {
    let reference: String
    if let commit = source.commit {
      guard commit.count >= 40, commit.allSatisfy(\.isHexDigit) else { return false }
      reference = "+\(commit):refs/stint/kept/\(commit)"
    } else {
      reference = revisions.first.map { $0 == Self.defaultBranch ? "+HEAD:\($0)" : "+\($0):\($0)" } ?? ""
    }
    var isGiven = true
    try await overBadLinks {
      do {
        try await git.run(
          bare: repository,
          ["fetch", "--quiet", "--force", "--depth=1", "--no-tags", "--no-write-fetch-head", address, reference])
      } catch {
        let said = (error as? CommandError)?.lastLines.joined(separator: "\n") ?? ""
        if said.contains("unadvertised object") {
          isGiven = false
        } else if said.contains("not our ref") || said.contains("find remote ref") {
          throw GitError.revisionMissing(repository: source.repository, what: wanted)
        } else {
          throw error
        }
      }
    }
    return isGiven
  }

  /// For a commit that no branch or tag leads to, such as that of a merge request.
  private func fetchDirectly(_ commit: String) async -> Bool {
    let fetched = try? await git.run(
      bare: path,
      [
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", address,
        "+\(commit):refs/stint/kept/\(commit)",
      ])
    return fetched != nil
  }
}
