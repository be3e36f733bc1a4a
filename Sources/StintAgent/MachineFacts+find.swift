import StintPlan
import StintRuntime

extension MachineFacts {
  /// What the programs in PATH tell; starts none of them.
  static func find(path: String?) -> MachineFacts {
    var facts = MachineFacts()
    for folder in (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
      for name in Files.names(in: String(folder)) {
        if name == "uv" { facts.hasUV = true }
        guard name.hasPrefix("python3.") else { continue }
        let minor = name.dropFirst("python3.".count)
        if !minor.isEmpty, minor.allSatisfy(\.isNumber) { facts.pythonVersions.insert("3.\(minor)") }
      }
    }
    return facts
  }
}
