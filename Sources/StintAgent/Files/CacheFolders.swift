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
  var jobs: String { root + "/jobs" }
  var agents: String { root + "/agents" }
}
