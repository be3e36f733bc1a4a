/// What the agent's configuration says about how tasks run.
package struct PlanSettings: Sendable, Equatable {
  /// The interpreter where the task names none, or one that the machine lacks.
  package var python: String
  /// What installs packages; nil is uv where the machine has it.
  package var installer: Installer?
  package var sources: PackageSources
  /// Whether the repository's requirements.txt replaces what the task's record lists.
  package var prefersRepositoryRequirements: Bool
  /// Whether the environment sees the interpreter's own packages.
  package var seesSystemPackages: Bool
  /// Whether the version that the task was made with is ignored.
  package var ignoresRequestedVersion: Bool
  /// The worker that runs the task, as it is registered.
  package var workerID: String
  /// Hides GPUs from the task.
  package var cpuOnly: Bool
  /// The value of CLEARML_LOG_LEVEL for the task.
  package var logLevel: String

  package init(
    python: String = "python3", installer: Installer? = nil, sources: PackageSources = .init(),
    prefersRepositoryRequirements: Bool = false, seesSystemPackages: Bool = false,
    ignoresRequestedVersion: Bool = false, workerID: String = "", cpuOnly: Bool = false, logLevel: String = "INFO"
  ) {
    (self.python, self.installer, self.sources) = (python, installer, sources)
    self.prefersRepositoryRequirements = prefersRepositoryRequirements
    (self.seesSystemPackages, self.ignoresRequestedVersion) = (seesSystemPackages, ignoresRequestedVersion)
    (self.workerID, self.cpuOnly, self.logLevel) = (workerID, cpuOnly, logLevel)
  }
}

/// What the machine has.
package struct MachineFacts: Sendable, Equatable {
  /// The Python versions in PATH, as `3.11`.
  package var pythonVersions: Set<String>
  package var hasUV: Bool

  package init(pythonVersions: Set<String> = [], hasUV: Bool = false) {
    (self.pythonVersions, self.hasUV) = (pythonVersions, hasUV)
  }
}
