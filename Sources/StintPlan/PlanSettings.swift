/// What the agent's configuration says about how tasks run.
package struct PlanSettings: Sendable, Equatable {
  /// The interpreter where the task names none, or one that the machine lacks.
  package var python = "python3"
  /// Where the task's packages are installed.
  package var place = EnvironmentRequest.Place.environment
  /// How packages are installed.
  package var packages = PackageRules()
  /// Where packages come from.
  package var sources = PackageSources()
  /// Whether the version that the task was made with is ignored.
  package var ignoresRequestedVersion = false
  /// A folder of this machine whose code is run instead of the task's.
  package var codeFolder: String?
  /// What is run instead of the task's entry point: `script.py`, or `folder:script.py`.
  package var entryPoint: String?
  /// Whether the repository's root alone goes on PYTHONPATH.
  package var addsRootOnly = false
  /// Whether the script begins with `Task.init` even if the user forgot it.
  package var forcesTaskInit = false
  /// The worker that runs the task, as it is registered.
  package var workerID = ""
  /// Hides GPUs from the task.
  package var cpuOnly = false
  /// The value of CLEARML_LOG_LEVEL for the task.
  package var logLevel = "INFO"

  package init() {}
}
