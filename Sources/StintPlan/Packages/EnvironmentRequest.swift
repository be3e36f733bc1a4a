/// The interpreter and packages that the code needs.
package struct EnvironmentRequest: Sendable, Equatable {
  /// Where packages are installed.
  package enum Place: String, Sendable, Equatable {
    /// In an environment made for them.
    case environment
    /// In the interpreter itself.
    case interpreter
    /// Nowhere: the interpreter has what is needed.
    case nowhere
  }

  /// A program name or path, as `python3.11`.
  package var python: String
  /// What is used where this machine has no such interpreter and cannot get it.
  package var fallback: String?
  package var place: Place
  /// What the task's record asks for, as the text of a requirements file; nil where it says nothing.
  package var recorded: String?
  /// What the record asks conda for.
  package var recordedConda: String?
  /// The folders of the repository, from its root to the script's, whose requirements.txt may count.
  package var requirementFolders: [String]
  /// Packages that are needed for whatever reason but the user's code.
  package var additional: [String]
  package var rules: PackageRules
  package var sources: PackageSources

  package init(
    python: String, fallback: String? = nil, place: Place = .environment, recorded: String? = nil,
    recordedConda: String? = nil, requirementFolders: [String] = [], additional: [String] = [],
    rules: PackageRules = PackageRules(), sources: PackageSources = PackageSources()
  ) {
    (self.python, self.fallback, self.place) = (python, fallback, place)
    (self.recorded, self.recordedConda) = (recorded, recordedConda)
    (self.requirementFolders, self.additional) = (requirementFolders, additional)
    (self.rules, self.sources) = (rules, sources)
  }
}
