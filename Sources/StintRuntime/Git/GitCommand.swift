/// Runs git so that it asks nobody, trusts our folders, and keeps its hands off the user's settings.
struct GitCommand: Sendable {
  private let environment: [String: String]

  init(environment base: [String: String], source: GitSource? = nil, isOffline: Bool = false) {
    var environment = base
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_PREFIX"] {
      environment[name] = nil
    }
    environment["GIT_TERMINAL_PROMPT"] = "0"
    if isOffline { environment["GIT_ALLOW_PROTOCOL"] = "file" }
    // Errors are told apart by git's words.
    environment["LC_ALL"] = "C"
    var settings = [
      ("safe.directory", "*"),
      // Nothing may be thrown out of a mirror: checkouts borrow its objects.
      ("gc.auto", "0"), ("maintenance.auto", "false"),
      ("advice.detachedHead", "false"),
      // A transfer that stands still for two minutes is over.
      ("http.lowSpeedLimit", "1"), ("http.lowSpeedTime", "120"),
    ]
    if let source, let scope = source.credentialScope, let credentials = source.credentials {
      environment["STINT_GIT_USER"] = credentials.user
      environment["STINT_GIT_PASSWORD"] = credentials.password
      let answer = #"!f() { echo "username=$STINT_GIT_USER"; echo "password=$STINT_GIT_PASSWORD"; }; f"#
      // An empty helper forgets those of the user's own settings.
      settings += [("credential.\(scope).helper", ""), ("credential.\(scope).helper", answer)]
    }
    let first = environment["GIT_CONFIG_COUNT"].flatMap(Int.init) ?? 0
    for (index, (key, value)) in settings.enumerated() {
      environment["GIT_CONFIG_KEY_\(first + index)"] = key
      environment["GIT_CONFIG_VALUE_\(first + index)"] = value
    }
    environment["GIT_CONFIG_COUNT"] = "\(first + settings.count)"
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
