/// What a task's Python environment must be. Equal specs share one environment.
package struct EnvironmentSpec: Sendable, Equatable {
  /// What is installed.
  package enum Content: Sendable, Equatable {
    /// Lists of packages.
    case packages(PackageInstall)
    /// What a project's own files ask for.
    case project(ProjectInstall)
    /// Packages of conda, and of pip what conda does not have.
    case conda(CondaInstall)
  }

  /// `python3`, `python3.11`, or the path of an interpreter.
  package var python: String
  package var content: Content
  /// Where packages come from.
  package var index: PackageIndex
  /// Whether the interpreter's own packages can be imported, too.
  package var systemSitePackages: Bool
  /// Whether nothing may be fetched.
  package var isOffline: Bool
  /// Set where the environment fits one task only.
  package var task: String?

  /// An environment with this content.
  package init(
    python: String = "python3", content: Content, index: PackageIndex = PackageIndex(),
    systemSitePackages: Bool = false, isOffline: Bool = false, task: String? = nil
  ) {
    (self.python, self.content, self.index) = (python, content, index)
    (self.systemSitePackages, self.isOffline, self.task) = (systemSitePackages, isOffline, task)
  }

  /// An environment with these packages.
  package init(
    python: String = "python3", requirements: [String], manager: PackageInstall.Manager = .uv,
    index: PackageIndex = PackageIndex(), systemSitePackages: Bool = false
  ) {
    self.init(
      python: python, content: .packages(PackageInstall(manager: manager, packages: requirements)), index: index,
      systemSitePackages: systemSitePackages)
  }

  /// The name under which the environment is cached.
  func key(interpreter: Interpreter?, variables: [String: String]) -> String {
    let inherited = PackageIndex.variableNames.map { "\($0)=\(variables[$0] ?? "")" }
    let found = interpreter.map { [$0.path, $0.version, $0.platform] } ?? [python]
    // Where its own packages can be seen, they decide what must be installed.
    let own = systemSitePackages ? interpreter.flatMap { Files.stamp($0.packages) }.map { "\($0)" } : nil
    let content =
      switch content {
      case .packages(let install): install.identity
      case .project(let install): install.identity
      case .conda(let install): install.identity
      }
    let parts =
      ["3"] + found + ["\(systemSitePackages)", own ?? "", task ?? "", "content"] + content + ["index"]
      + index.settings + inherited
    // A token that is renewed every day makes no new environment.
    return Digest.hex(of: parts.map(Secrets.mask).joined(separator: "\n"))
  }
}

/// Lists of packages, and how they are installed.
package struct PackageInstall: Sendable, Equatable {
  /// What installs the packages.
  package enum Manager: String, Sendable {
    /// uv, or pip where uv is missing.
    case uv
    /// uv where the result is the same as pip's, else pip.
    case pip
    /// pip, whatever else there is.
    case pipOnly
  }

  /// Packages that are installed together.
  package struct Stage: Sendable, Equatable {
    /// Lines of a requirements file.
    package var packages: [String]
    /// Whether the environment is good without them, too.
    package var isOptional: Bool

    package init(_ packages: [String], isOptional: Bool = false) {
      (self.packages, self.isOptional) = (packages, isOptional)
    }
  }

  package var manager: Manager
  /// What is installed, in this order.
  package var stages: [Stage]
  /// Versions that packages must have if they are installed for whatever reason.
  package var constraints: [String]
  /// Further arguments, as pip knows them.
  package var arguments: [String]
  /// Whether packages are installed in their newest version.
  package var upgrades: Bool
  /// Versions of pip itself, as `<23 ; python_version < '3.12'`.
  package var pipVersion: [String]

  package init(
    manager: Manager = .uv, stages: [Stage], constraints: [String] = [], arguments: [String] = [],
    upgrades: Bool = false, pipVersion: [String] = []
  ) {
    (self.manager, self.constraints, self.arguments) = (manager, constraints, arguments)
    (self.upgrades, self.pipVersion) = (upgrades, pipVersion)
    self.stages = stages.map { Stage(Self.effective($0.packages), isOptional: $0.isOptional) }
      .filter { !$0.packages.isEmpty }
  }

  /// These packages and no more ado.
  package init(manager: Manager = .uv, packages: [String]) {
    self.init(manager: manager, stages: [Stage(packages)])
  }

  /// Lines without what does not matter.
  private static func effective(_ lines: [String]) -> [String] {
    lines.flatMap { $0.split(whereSeparator: \.isNewline) }.map { line in
      String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
  }

  var identity: [String] {
    [manager.rawValue, "\(upgrades)"] + arguments + ["pip"] + pipVersion + ["constraints"] + constraints.sorted()
      + stages.flatMap { ["stage \($0.isOptional)"] + $0.packages.sorted() }
  }
}
