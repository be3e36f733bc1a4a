/// What a command line says about how tasks are run, beside the settings.
package struct WorkOptions: Sendable {
  /// Nothing is fetched from anywhere but the server: code, packages and interpreters must be on this machine.
  package var isStandalone = false
  /// How much the task's ClearML package logs, as CLEARML_LOG_LEVEL.
  package var logLevel = "INFO"
  /// Tags that a worker is reported with while it runs a task.
  package var reportTags: [String] = []
  /// Whether the task's output and the machine's load go to the server.
  package var isMonitored = true

  /// How often Python is told to optimise: -O, -OO.
  package var optimization = 0

  package init() {}

  /// Variables for every task.
  var taskVariables: [String: String] {
    optimization > 0 ? ["PYTHONOPTIMIZE": "\(min(optimization, 2))"] : [:]
  }

  /// Variables that keep programs which install packages off the network.
  var packageVariables: [String: String] {
    isStandalone ? ["UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never", "PIP_NO_INDEX": "1"] : [:]
  }
}
