/// Packages of conda, and of pip what conda does not have.
package struct CondaInstall: Sendable, Equatable {
  package var channels: [String]
  /// What conda is asked for, as lines of a requirements file.
  package var packages: [String]
  /// What pip installs in any case.
  package var pip: PackageInstall

  package init(channels: [String], packages: [String], pip: PackageInstall) {
    (self.channels, self.packages, self.pip) = (channels, packages, pip)
  }

  /// The name of a requirement's package, as conda knows it.
  package static func name(of line: String) -> String {
    String(CondaInstaller.specification(line).lowercased().prefix { !"=<>!~".contains($0) })
  }

  var identity: [String] { ["conda"] + channels + ["packages"] + packages.sorted() + ["pip"] + pip.identity }
}

/// Makes an environment with conda.
struct CondaInstaller: Sendable {
  let install: CondaInstall
  let python: String
  let work: EnvironmentWork

  /// Makes the environment and returns what is installed in it.
  func install() async throws -> [String] {
    guard let conda = Self.program(work.variables) else {
      throw EnvironmentError.command(.programMissing(program: "conda"))
    }
    work.log("Making an environment with conda.")
    let version = python.drop { !$0.isNumber }
    try await work.install(
      "conda",
      [conda, "create", "--yes", "--quiet", "--prefix", work.folder.venv] + options
        + [version.contains(".") ? "python=\(version)" : "python", "pip"])
    let missing = try await installWithConda(conda)
    let pip = [work.folder.python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    for stage in [PackageInstall.Stage(missing)] + install.pip.stages where !stage.packages.isEmpty {
      try await work.install(
        "pip", pip + ["install", "--progress-bar", "off"] + install.pip.arguments + stage.packages)
    }
    return try await work.run(pip + ["freeze"]).lines
  }

  static func program(_ variables: [String: String]) -> String? {
    variables["CONDA_EXE"].flatMap { Files.isExecutableFile($0) ? $0 : nil }
      ?? ["conda", "mamba"].lazy.compactMap { ProgramSearch.find($0, path: variables["PATH"]) }.first
  }

  private var options: [String] {
    (work.isOffline ? ["--offline"] : []) + install.channels.flatMap { ["--channel", $0] }
  }

  /// Installs what conda has and returns what it does not have.
  private func installWithConda(_ conda: String) async throws -> [String] {
    var wanted = install.packages
    var missing: [String] = []
    while !wanted.isEmpty {
      let list = work.folder.path + "/conda.txt"
      try Files.write(wanted.map { Self.specification($0) + "\n" }.joined(), to: list)
      do {
        try await work.install(
          "conda", [conda, "install", "--yes", "--quiet", "--prefix", work.folder.venv] + options + ["--file", list])
        return missing
      } catch let error as EnvironmentError {
        guard case .installFailed(_, let lines) = error else { throw error }
        let unknown = Self.missingPackages(lines)
        let left = wanted.filter { line in !unknown.contains { Self.specification(line).hasPrefix($0) } }
        guard left.count < wanted.count else { throw error }
        missing += wanted.filter { !left.contains($0) }
        wanted = left
        work.log("conda does not have \(missing.joined(separator: ", ")); pip installs it.")
      }
    }
    return missing
  }

  /// A requirement as conda spells it: without extras, markers and spaces, PyTorch under its own name.
  static func specification(_ line: String) -> String {
    let plain = line.prefix { $0 != ";" && $0 != "#" }.filter { !$0.isWhitespace }
    guard let open = plain.firstIndex(of: "["), let close = plain.firstIndex(of: "]"), open < close else {
      return renamed(plain)
    }
    return renamed(plain[..<open] + plain[plain.index(after: close)...])
  }

  private static func renamed(_ specification: some StringProtocol) -> String {
    let name = specification.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) }
    return (name.lowercased() == "torch" ? "pytorch" : String(name)) + specification.dropFirst(name.count)
  }

  /// The names below conda's words for packages that no channel has.
  static func missingPackages(_ lines: [String]) -> [String] {
    guard lines.contains(where: { $0.contains("PackagesNotFoundError") || $0.contains("nothing provides") }) else {
      return []
    }
    return lines.compactMap { line in
      var item = line.drop { $0 == " " }
      guard item.hasPrefix("- ") else { return nil }
      item = item.dropFirst(2)
      for words in ["nothing provides requested ", "nothing provides "] where item.hasPrefix(words) {
        item = item.dropFirst(words.count)
      }
      let name = item.prefix { !$0.isWhitespace && !"=<>!~".contains($0) }
      return name.isEmpty || name.contains("/") ? nil : String(name)
    }
  }
}
