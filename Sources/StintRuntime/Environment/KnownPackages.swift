extension PackageInstaller {
  /// Installs a list that leaves no choice from what uv has, and asks no index whether there is something newer.
  /// Returns whether the environment has all that its packages need then.
  func installKnown(_ stage: PackageInstall.Stage, _ uv: [String], _ options: [String]) async throws(CommandError)
    -> Bool
  {
    guard !install.upgrades, stage.packages.allSatisfy(Self.namesOneVersion) else { return false }
    let python = ["--python", venv.python]
    // Where a dependency is not listed, its version is to be chosen, which the index must be asked about.
    guard let said = try await work.attempt(uv + ["pip", "install", "--offline", "--no-deps"] + python + options),
      try await work.attempt(uv + ["pip", "check"] + python) != nil
    else { return false }
    for line in said { work.log(line) }
    return true
  }

  /// Whether a line of a requirements file is `name==version`, with or without a condition. Extras are left out: what
  /// they add is not checked.
  static func namesOneVersion(_ line: String) -> Bool {
    line.wholeMatch(of: /[A-Za-z0-9._-]+\s*==\s*[A-Za-z0-9.+!_-]+\s*(;.*)?/) != nil
  }
}
