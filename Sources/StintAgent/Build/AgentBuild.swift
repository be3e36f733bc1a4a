import Logging
import StintClient
import StintConfig
import StintPlan
import StintRuntime
import StintWire

/// What `stint agent build` is told on its command line.
package struct BuildOptions: Sendable {
  /// The task whose code and environment are wanted.
  package var taskID: String
  /// The folder to put them into; missing or empty.
  package var target: String
  /// The Python version to use, whatever the task was made with.
  package var pythonVersion: String?

  package init(taskID: String, target: String, pythonVersion: String? = nil) {
    (self.taskID, self.target, self.pythonVersion) = (taskID, target, pythonVersion)
  }
}

/// Puts a task's code and environment into a folder, ready to run there. The task's record stays as it is.
package enum AgentBuild {
  /// Builds until it is done, or the process gets SIGINT or SIGTERM. Returns the code to exit with.
  package static func runInForeground(setup: AgentSetup, options: BuildOptions, logger: Logger) async throws -> Int32 {
    try await ForegroundRun.run(logger: logger) {
      try await Command.$guardian.withValue(setup.shim) {
        let client = setup.client(logger: logger)
        do {
          try await build(setup: setup, options: options, client: client, logger: logger)
          await client.shutdown()
          return 0
        } catch {
          await client.shutdown()
          throw error
        }
      }
    }
  }

  private static func build(setup: AgentSetup, options: BuildOptions, client: Client, logger: Logger) async throws {
    guard Files.names(in: options.target).isEmpty else { throw AgentError.targetInUse(options.target) }
    var context = AgentContext(
      setup: setup, client: client, workerID: "",
      extensions: try await client.extensions(patience: .seconds(10)), logger: logger)
    let record = try await AgentExecute.record(of: options.taskID, context)
    let plan = try Planner.plan(task: record, settings: settings(options, setup))
    try Files.makeDirectory(options.target)
    let target = BuildTarget(path: Files.realPath(options.target) ?? options.target, task: record.id)
    context.environments = target.environments
    do {
      try await fill(target, plan, context)
    } catch {
      target.empty()
      throw error
    }
    Files.print("\nTask \(record.id) is ready to run: \(target.script)\n")
  }

  private static func settings(_ options: BuildOptions, _ setup: AgentSetup) -> PlanSettings {
    var settings = setup.planSettings(workerID: "")
    if let version = options.pythonVersion {
      settings.python = version.hasPrefix("python") || version.contains("/") ? version : "python\(version)"
      settings.ignoresRequestedVersion = true
    }
    return settings
  }

  private static func fill(_ target: BuildTarget, _ plan: Plan, _ context: AgentContext) async throws {
    var log = TaskLog(folder: target.folder, masker: context.masker, logger: context.logger)
    log.echo = { Files.print($0 + "\n") }
    for note in plan.notes { log.say("[stint] \(note)") }
    let prepared = try await Preparation(
      context: context, folder: target.folder, log: log, startsJob: false
    )
    .carryOut(plan)
    if prepared.commit != nil {
      try await context.mirrors.makeIndependent(target.folder.code, environment: context.setup.environment)
    }
    if let environment = prepared.environment { try target.link(to: environment) }
    if var launch = prepared.launch {
      launch.environment.merge(context.setup.work.taskVariables) { $1 }
      try target.write(RunScript(launch: launch, hasEnvironment: prepared.environment != nil))
    }
  }
}
