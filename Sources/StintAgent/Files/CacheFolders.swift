import StintModel
import StintRuntime

/// Where the agents of a machine keep things between tasks. All of it is private to the user.
package struct CacheFolders: Sendable, Equatable {
  /// The folder above what all agents share: STINT_CACHE_DIR, or `.stint-agent` in the home folder.
  package let root: String
  /// The folder above the homes of the agents: STINT_AGENT_HOME, or `root`.
  package let homes: String

  package init(root: String, homes: String? = nil) {
    (self.root, self.homes) = (root, homes ?? root)
  }

  package init(environment: [String: String]) {
    func named(_ variable: String) -> String? { environment[variable].flatMap { $0.isEmpty ? nil : $0 } }
    self.init(
      root: named("STINT_CACHE_DIR") ?? (environment["HOME"] ?? ".") + "/.stint-agent", homes: named("STINT_AGENT_HOME")
    )
  }

  var mirrors: String { root + "/vcs" }
  var environments: String { root + "/venvs" }
  /// Where uv keeps packages, on the disk of the environments, so that these can link to them.
  var packages: String { root + "/packages" }
  /// Where uv puts the interpreters that it fetches.
  var pythons: String { root + "/pythons" }
  var agents: String { root + "/agents" }
  /// Files of certificate authorities, for what the agent starts.
  var authorities: String { root + "/authorities" }
  /// Where agents of earlier versions have the folders of their running tasks.
  var formerJobs: String { root + "/jobs" }

  /// The homes that there are, whatever key their agents have.
  var knownHomes: [AgentHome] {
    Files.names(in: homes).map { AgentHome(path: "\(homes)/\($0)") }.filter { Files.exists($0.tasks) }
  }

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
