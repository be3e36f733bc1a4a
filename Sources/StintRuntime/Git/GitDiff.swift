/// The text of an uncommitted change.
enum GitDiff {
  /// The change without the files that it says nothing about but that they differ, and the names of these.
  static func withoutNamedBinaries(_ diff: String) -> (diff: String, names: [String]) {
    var kept: [Substring] = []
    var names: [String] = []
    var section: [Substring] = []
    func endSection() {
      if let name = namedBinary(in: section) { names.append(name) } else { kept += section }
      section = []
    }
    // By line feeds alone: carriage returns belong to the lines of the files.
    var lines = diff.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines {
      if line.hasPrefix("diff --git ") { endSection() }
      section.append(line)
    }
    endSection()
    return (kept.map { $0 + "\n" }.joined(), names)
  }

  private static func namedBinary(in section: [Substring]) -> String? {
    // What files hold begins with a sign or a space.
    guard let line = section.first(where: { $0.hasPrefix("Binary files ") && $0.hasSuffix(" differ") }) else {
      return nil
    }
    let names = line.dropFirst("Binary files ".count).dropLast(" differ".count)
    let name = names.firstRange(of: " and b/").map { names[$0.upperBound...] } ?? names
    return String(name)
  }
}
