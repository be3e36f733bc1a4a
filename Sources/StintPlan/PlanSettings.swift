/// What the agent's configuration says about how tasks run.
package struct PlanSettings: Sendable, Equatable {
  /// The interpreter where the task names none, or one that the machine lacks.
  package var python: String
  /// What installs packages; nil is uv where the machine has it.
  package var installer: Installer?
  package var sources: PackageSources
  /// The worker that runs the task, as it is registered.
  package var workerID: String
  /// Hides GPUs from the task.
  package var cpuOnly: Bool
  /// The value of CLEARML_LOG_LEVEL for the task.
  package var logLevel: String

  package init(
    python: String = "python3", installer: Installer? = nil, sources: PackageSources = .init(), workerID: String = "",
    cpuOnly: Bool = false, logLevel: String = "INFO"
  ) {
    (self.python, self.installer, self.sources) = (python, installer, sources)
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
