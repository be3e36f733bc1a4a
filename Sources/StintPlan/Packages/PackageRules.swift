/// What the agent's configuration says about packages.
package struct PackageRules: Sendable, Equatable {
  /// What installs packages.
  package enum Manager: String, Sendable, Equatable, CaseIterable {
    case pip, uv, poetry, pipenv, conda
  }

  package var manager = Manager.pip
  /// Versions of pip itself, as `<23 ; python_version < '3.12'`.
  package var pipVersion: [String] = []
  /// The version of uv itself, as `>0.4`.
  package var uvVersion: String?
  /// The version of poetry itself.
  package var poetryVersion: String?
  /// Arguments of `poetry install`.
  package var poetryArguments: [String] = []
  /// Arguments of `uv sync`.
  package var uvSyncArguments: [String] = []
  /// Whether `uv sync` keeps to the lock file where there is one.
  package var syncsLocked = true
  /// Whether project and lock files are looked for in the working folder instead of the repository's root.
  package var projectIsInWorkingDirectory = false
  /// Whether environments see the interpreter's own packages.
  package var seesSystemPackages = false
  /// Whether packages are installed in their newest version.
  package var upgrades = false
  /// Further arguments of `pip install`.
  package var extraArguments: [String] = []
  /// Packages to install before the others.
  package var priority: [String] = []
  /// Packages to install before the others, which may fail.
  package var priorityOptional: [String] = []
  /// Packages to install after the others.
  package var post: [String] = []
  /// Packages to install after the others, which may fail.
  package var postOptional: [String] = []
  /// Where conda gets packages from.
  package var condaChannels: [String] = []
  /// Whether the repository's requirements.txt replaces what the task's record lists.
  package var prefersRepository = false
  /// Whether what the record listed first counts, instead of what its last run had.
  package var prefersOriginal = false
  package var torch = TorchRule()

  package init() {}

  /// The packages of a list in the order in which they are installed.
  package func stages(of packages: [String]) -> [InstallStage] {
    func named(_ names: [String]) -> [String] {
      let names = Set(names.compactMap(RequirementLine.name))
      return packages.filter { RequirementLine.name(of: $0).map(names.contains) ?? false }
    }
    let first = named(priority)
    let optional = named(priorityOptional)
    let last = named(post).filter { !first.contains($0) }
    let lastOptional = named(postOptional)
    let apart = Set(optional + last + lastOptional)
    // What came first stays in the list, so that nothing else changes its version.
    let stages =
      [InstallStage(first)] + optional.map { InstallStage([$0], isOptional: true) }
      + [InstallStage(packages.filter { !apart.contains($0) }), InstallStage(last)]
      + lastOptional.map { InstallStage([$0], isOptional: true) }
    return stages.filter { !$0.packages.isEmpty }
  }
}

/// Packages that are installed together.
package struct InstallStage: Sendable, Equatable {
  package var packages: [String]
  /// Whether the environment is good without them, too.
  package var isOptional: Bool

  package init(_ packages: [String], isOptional: Bool = false) {
    (self.packages, self.isOptional) = (packages, isOptional)
  }
}
