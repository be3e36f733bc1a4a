import StintWire

/// The packages that a task's record asks for.
package struct RequirementList: Equatable, Sendable {
  /// One requirement each, as pip spells them.
  package var packages: [String]
  /// What options among the lines say about where packages come from.
  package var sources: PackageSources

  /// Reads `script.requirements`; nil where the record says nothing about packages. A text of comments only says: none.
  package init?(_ recorded: [String: JSON]?) throws(PlanError) {
    switch recorded?["pip"] ?? .null {
    case .null: return nil
    case .string(let text):
      if text.trimmed.isEmpty { return nil }
      self.init(text: text)
    case .array(let lines):
      if lines.isEmpty { return nil }
      let texts = lines.compactMap(\.string)
      guard texts.count == lines.count else { throw .requirements(found: JSON.array(lines).text) }
      self.init(text: texts.joined(separator: "\n"))
    case let other: throw .requirements(found: other.text)
    }
  }

  /// Reads the text of a `requirements.txt`.
  package init(text: String) {
    (packages, sources) = ([], PackageSources())
    var continued = ""
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if line.hasSuffix("\\") {
        continued += line.dropLast()
        continue
      }
      let requirement = Self.withoutComment(continued + line)
      continued = ""
      if !requirement.isEmpty, !sources.take(option: requirement) { packages.append(requirement) }
    }
    let rest = Self.withoutComment(continued)
    if !rest.isEmpty { packages.append(rest) }
  }

  /// A `#` begins a comment at the start of a line and after a space; elsewhere it is part of an address.
  private static func withoutComment(_ line: String) -> String {
    var previous: Character = " "
    var kept = ""
    for character in line {
      if character == "#", previous.isWhitespace { break }
      kept.append(character)
      previous = character
    }
    return kept.trimmed
  }
}

extension PackageSources {
  /// Adds what a task asks for to what the machine is set up with; the task's index wins.
  package mutating func add(_ other: PackageSources) {
    indexURL = other.indexURL ?? indexURL
    extraIndexURLs += other.extraIndexURLs
    findLinks += other.findLinks
    trustedHosts += other.trustedHosts
  }

  /// Takes a line such as `--extra-index-url https://…`; false where it is none.
  fileprivate mutating func take(option line: String) -> Bool {
    guard line.hasPrefix("-"), let end = line.firstIndex(where: { $0 == " " || $0 == "=" }) else { return false }
    let value = line[line.index(after: end)...].trimmed
    switch line[..<end] {
    case "-i", "--index-url", "--pypi-url": indexURL = value
    case "--extra-index-url": extraIndexURLs.append(value)
    case "-f", "--find-links": findLinks.append(value)
    case "--trusted-host": trustedHosts.append(value)
    default: return false
    }
    return true
  }
}
