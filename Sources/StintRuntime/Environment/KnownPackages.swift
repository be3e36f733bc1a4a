extension PackageInstaller {
  /// Installs a list that leaves no choice from what uv has, and asks no index whether there is something newer. Returns
  /// whether it did.
  func installKnown(
    _ stage: PackageInstall.Stage, _ uv: [String], _ options: [String]
  ) async throws(CommandError) -> Bool {
    let names = stage.packages.compactMap(Self.nameOfOneVersion)
    guard !install.upgrades, names.count == stage.packages.count, hasOneIndex(options) else { return false }
    let install = uv + ["pip", "install", "--offline", "--python", venv.python] + options
    // Where a dependency is not listed, its version is to be chosen, which the index must be asked about.
    guard let plan = try await work.attempt(install + ["--dry-run"]), Self.added(plan).isSubset(of: names),
      let said = try await work.attempt(install)
    else { return false }
    for line in said { work.log(line) }
    return true
  }

  /// The name in a line of a requirements file that is `name==version`, with or without extras and a condition.
  static func nameOfOneVersion(_ line: String) -> String? {
    line.wholeMatch(of: /([A-Za-z0-9._-]+)\s*(\[[^\]]*\])?\s*==\s*[A-Za-z0-9.+!_-]+\s*(;.*)?/)
      .map { normalized($0.output.1) }
  }

  /// The names of what uv says that it adds.
  static func added(_ lines: [String]) -> Set<String> {
    Set(lines.compactMap { $0.wholeMatch(of: /\s*\+ ([A-Za-z0-9._-]+)(==| @ ).*/).map { normalized($0.output.1) } })
  }

  /// As packages' names are compared, by PEP 503.
  private static func normalized(_ name: Substring) -> String {
    name.lowercased().split { ".-_".contains($0) }.joined(separator: "-")
  }

  /// Whether each package can come from one place only. Of several, offline one is passed over that was not asked yet.
  private func hasOneIndex(_ options: [String]) -> Bool {
    let others = ["UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_CONFIG_FILE"].contains { work.variables[$0]?.isEmpty == false }
    let pages = [work.variables["UV_FIND_LINKS"] ?? ""] + options
    let home = work.variables["XDG_CONFIG_HOME"] ?? (work.variables["HOME"] ?? "") + "/.config"
    return !others && !options.contains("--extra-index-url") && !pages.contains { $0.contains("://") }
      && ![home, "/etc"].contains { Files.exists($0 + "/uv/uv.toml") }
  }
}
