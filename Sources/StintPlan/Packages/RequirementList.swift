import StintWire

/// The packages that a text asks for, and what else it says.
package struct RequirementList: Equatable, Sendable {
  /// Packages from indexes, addresses and version control systems, as pip spells them.
  package var packages: [String] = []
  /// Packages whose code is on this machine: an absolute path, or one relative to the task's code.
  package var local: [LocalPackage] = []
  /// Versions that a package must have if it is installed for whatever reason.
  package var constraints: [String] = []
  /// Options for the installer that are not about where packages come from.
  package var options: [String] = []
  /// Where packages come from.
  package var sources = PackageSources()
  /// What was decided differently from what the text asks for.
  package var notes: [String] = []

  /// No packages.
  package init() {}

  /// Reads the text of a `requirements.txt` that lies in `folder` of the task's code.
  package init(text: String, in folder: String = ".", files: CodeFiles = .none) throws(PlanError) {
    var reader = RequirementReader(files: files)
    try reader.read(text, in: folder)
    self = reader.list
  }

  /// Adds what another text asks for.
  mutating func add(_ other: RequirementList) {
    packages += other.packages
    local += other.local
    constraints += other.constraints
    options += other.options
    sources.add(other.sources)
    notes += other.notes
  }
}

/// A package whose code is on this machine.
package struct LocalPackage: Equatable, Sendable {
  /// The requirement with its path, relative to the task's code or absolute.
  package var requirement: String
  /// Whether changes to the code take effect without installing it again.
  package var isEditable: Bool

  package init(_ requirement: String, isEditable: Bool = false) {
    (self.requirement, self.isEditable) = (requirement, isEditable)
  }
}

extension RequirementList {
  /// The text of `script.requirements`; nil where the record says nothing about packages. A text of comments only says:
  /// none.
  static func text(of recorded: JSON?) throws(PlanError) -> String? {
    switch recorded ?? .null {
    case .null: return nil
    case .string(let text): return text.trimmed.isEmpty ? nil : text
    case .array(let lines):
      if lines.isEmpty { return nil }
      let texts = lines.compactMap(\.string)
      guard texts.count == lines.count else { throw .requirements(found: JSON.array(lines).text) }
      return texts.joined(separator: "\n")
    case let other: throw .requirements(found: other.text)
    }
  }
}

/// Reads a requirements file and those that it names.
private struct RequirementReader {
  let files: CodeFiles
  var list = RequirementList()
  private var opened: Set<String> = []

  init(files: CodeFiles) { self.files = files }

  mutating func read(_ text: String, in folder: String) throws(PlanError) {
    for line in RequirementLine.lines(of: text) {
      switch RequirementLine(line) {
      case .package(let requirement): list.packages.append(requirement)
      case .local(let path, let line, let isEditable): add(path, line, isEditable, in: folder)
      case .option("--requirement", let file):
        guard let (path, text) = try open(file, in: folder) else { continue }
        try read(text, in: Self.folder(of: path))
      case .option("--constraint", let file):
        guard let (path, text) = try open(file, in: folder) else { continue }
        try readConstraints(text, in: Self.folder(of: path))
      case .option(let name, let value): add(option: name, value, in: folder)
      }
    }
  }

  private mutating func readConstraints(_ text: String, in folder: String) throws(PlanError) {
    for line in RequirementLine.lines(of: text) {
      switch RequirementLine(line) {
      case .package(let requirement): list.constraints.append(requirement)
      case .option("--constraint", let file):
        guard let (path, text) = try open(file, in: folder) else { continue }
        try readConstraints(text, in: Self.folder(of: path))
      case .option, .local: continue
      }
    }
  }

  /// A file that was not opened yet; some people write paths from where they started pip.
  private mutating func open(_ file: String, in folder: String) throws(PlanError) -> (path: String, text: String)? {
    for path in [Self.join(folder, file), file] {
      guard let text = files.read(path) else { continue }
      return opened.insert(path).inserted ? (path, text) : nil
    }
    throw .missingRequirements(file: file)
  }

  private mutating func add(_ path: String, _ line: String, _ isEditable: Bool, in folder: String) {
    let place = [Self.join(folder, path), path].first(where: files.exists)
    guard let place else {
      // A record may name a file of the machine that it was made on.
      guard let at = line.firstIndex(of: "@"), RequirementLine.name(of: line) != nil else {
        list.local.append(LocalPackage(line, isEditable: isEditable))
        return
      }
      let named = line[..<at].trimmed
      list.notes.append("\(path) is not on this machine; \(named) is taken from the package index instead.")
      list.packages.append(named)
      return
    }
    // With `./` no installer takes it for a name.
    let requirement = path.hasPrefix("/") ? line : line.replacing(path, with: place == "." ? "." : "./\(place)")
    list.local.append(LocalPackage(requirement, isEditable: isEditable))
  }

  private mutating func add(option name: String, _ value: String, in folder: String) {
    switch name {
    case "--index-url": list.sources.indexURL = value
    case "--extra-index-url": list.sources.extraIndexURLs.append(value)
    case "--find-links":
      let path = Self.join(folder, value)
      list.sources.findLinks.append(files.exists(path) ? path : value)
    case "--trusted-host": list.sources.trustedHosts.append(value)
    case "--no-index": list.sources.hasNoIndex = true
    default: list.options.append(value.isEmpty ? name : "\(name) \(value)")
    }
  }

  private static func join(_ folder: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return normalized("\(folder)/\(path)") ?? "\(folder)/\(path)"
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}
