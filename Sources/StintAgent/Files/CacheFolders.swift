import StintModel
import StintRuntime

/// Where an agent keeps things between tasks. All of it is private to the user.
package struct CacheFolders: Sendable, Equatable {
  /// The folder above all others: STINT_CACHE_DIR, or `.stint-agent` in the home folder.
  package let root: String

  package init(root: String) { self.root = root }

  package init(environment: [String: String]) {
    if let root = environment["STINT_CACHE_DIR"], !root.isEmpty {
      self.root = root
    } else {
      root = (environment["HOME"] ?? ".") + "/.stint-agent"
    }
  }

  var mirrors: String { root + "/vcs" }
  var environments: String { root + "/venvs" }
  /// Where uv keeps packages, on the disk of the environments, so that these can link to them.
  var packages: String { root + "/packages" }
  /// Where uv puts the interpreters that it fetches.
  var pythons: String { root + "/pythons" }
  var jobs: String { root + "/jobs" }
  var agents: String { root + "/agents" }
  /// Files of certificate authorities, for what the agent starts.
  var authorities: String { root + "/authorities" }

  /// What tells these caches from all others, however the machines are called; nil where it cannot be kept.
  var identity: String? {
    let file = agents + "/identity"
    if let known = Files.readText(file), !known.isEmpty { return known }
    do {
      try Files.makeDirectory(agents)
      try Files.write(randomIdentifier(), to: file)
    } catch {
      return nil
    }
    return Files.readText(file)
  }
}
