/// Runs git so that it asks nobody, trusts our folders, and keeps its hands off the user's settings.
struct GitCommand: Sendable {
  private let environment: [String: String]

  init(
    environment base: [String: String], access: GitAccess = GitAccess(), source: GitSource? = nil,
    isOffline: Bool = false
  ) {
    var access = access
    if let source, let own = source.credentials {
      // What the address itself says is for its host, and comes first.
      let host = GitAddress(source.repository)?.authority ?? ""
      access.credentials.insert(GitAccess.Credential(.host(host), own), at: 0)
    }
    let host = source.flatMap { GitAddress($0.repository)?.host }
    var environment = access.variables(over: base, hosts: [host].compactMap { $0 })
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_PREFIX"] {
      environment[name] = nil
    }
    if isOffline { environment["GIT_ALLOW_PROTOCOL"] = "file" }
    // Errors are told apart by git's words.
    environment["LC_ALL"] = "C"
    // They are fetched once the files are there.
    environment["GIT_LFS_SKIP_SMUDGE"] = "1"
    GitSettings([
      ("safe.directory", "*"),
      // Nothing may be thrown out of a mirror: checkouts borrow its objects.
      ("gc.auto", "0"), ("maintenance.auto", "false"),
      ("advice.detachedHead", "false"),
      // A transfer that stands still for two minutes is over.
      ("http.lowSpeedLimit", "1"), ("http.lowSpeedTime", "120"),
    ]).add(to: &environment)
    self.environment = environment
  }

  /// Runs git in a working folder, never in a repository above it.
  @discardableResult
  func run(
    in folder: String, _ arguments: [String], input: [UInt8] = [], onLine: (@Sendable (String) -> Void)? = nil
  ) async throws(CommandError) -> CommandOutput {
    var environment = environment
    environment["GIT_CEILING_DIRECTORIES"] = String(folder.prefix(upTo: folder.lastIndex(of: "/") ?? folder.endIndex))
    return try await Command(
      ["git"] + arguments, environment: environment, workingDirectory: folder, input: input
    ).run(onLine: onLine)
  }

  /// Runs git on a bare repository.
  @discardableResult
  func run(bare repository: String, _ arguments: [String]) async throws(CommandError) -> CommandOutput {
    try await Command(["git", "--git-dir=\(repository)"] + arguments, environment: environment).run()
  }
}
