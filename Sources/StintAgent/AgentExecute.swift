import Logging
import StintClient
import StintConfig
import StintModel
import StintPlan
import StintRuntime
import StintWire

/// What `stint agent execute` is told on its command line.
package struct ExecuteOptions: Sendable {
  /// The task to run.
  package var taskID: String
  /// Only tells what would be done.
  package var isDryRun: Bool
  /// In a dry run, writes the plan as a shell script.
  package var asScript: Bool
  /// Runs a copy of the task.
  package var clones: Bool
  /// Refuses a task that is not queued.
  package var requiresQueue: Bool
  /// Whether the task's output goes to standard output, too.
  package var showsOutput: Bool
  /// A file that the task's output goes to, too.
  package var logFile: String?

  package init(
    taskID: String, isDryRun: Bool = false, asScript: Bool = false, clones: Bool = false, requiresQueue: Bool = false,
    showsOutput: Bool = true, logFile: String? = nil
  ) {
    (self.taskID, self.isDryRun, self.asScript, self.clones) = (taskID, isDryRun, asScript, clones)
    (self.requiresQueue, self.showsOutput, self.logFile) = (requiresQueue, showsOutput, logFile)
  }

  /// Hands output on to where it is wanted.
  var echo: @Sendable (String) -> Void {
    { [showsOutput, logFile] text in
      if showsOutput { Files.print(text) }
      if let logFile { try? Files.append(text, to: logFile) }
    }
  }
}

/// Runs one task in the foreground, without a queue.
package enum AgentExecute {
  /// `run`, until it ends or the process gets SIGINT or SIGTERM, which stop the task.
  package static func runInForeground(
    setup: AgentSetup, options: ExecuteOptions, logger: Logger
  ) async throws -> Int32 {
    try await ForegroundRun.run(logger: logger) { try await run(setup: setup, options: options, logger: logger) }
  }

  /// Runs the task, with its output on standard output too, and returns the code to exit with. Cancelling stops the task.
  package static func run(setup: AgentSetup, options: ExecuteOptions, logger: Logger) async throws -> Int32 {
    guard JobFolder(task: options.taskID, of: setup) != nil else {
      throw AgentError.badTaskID(options.taskID)
    }
    if let file = options.logFile { try Files.append("", to: file) }
    let client = setup.client(logger: logger)
    do {
      let code = try await Command.$guardian.withValue(setup.shim) {
        try await run(setup: setup, options: options, client: client, logger: logger)
      }
      await client.shutdown()
      return code
    } catch {
      await client.shutdown()
      throw error
    }
  }

  private static func run(
    setup: AgentSetup, options: ExecuteOptions, client: Client, logger: Logger
  ) async throws -> Int32 {
    let context = AgentContext(
      setup: setup, client: client, workerID: setup.settings.worker.id ?? "\(setup.machineName):execute",
      extensions: try await client.extensions(patience: .seconds(10)), logger: logger)
    if options.isDryRun {
      let plan = try await plan(options.taskID, context)
      Files.print(options.asScript ? plan.script : plan.listing)
      return 0
    }
    let task = try await taskToRun(options, context)
    guard let folder = JobFolder(task: task, of: setup) else { throw AgentError.badTaskID(task) }
    let lease = context.newClaim().map { LeaseGrant(id: $0.id, attempt: 0) }
    let run = TaskRun(
      context: context, folder: folder, queue: nil, onCancel: { .stop }, lease: lease, echo: options.echo)
    let status: Result<ExitStatus, any Error>
    do {
      status = .success(try await watched(run, task, context))
    } catch {
      status = .failure(error)
    }
    // A worker of this name may be somebody else's.
    guard setup.work.isMonitored else { return try status.get().shellCode }
    // Also where this was cancelled: a worker that is gone must not be listed.
    await Task {
      _ = try? await client.call(
        Workers.Unregister.self, .init(worker: context.workerID), timeout: .seconds(3), patience: .zero)
    }.value
    return try status.get().shellCode
  }

  /// Runs the task while the machine's load is reported.
  private static func watched(_ run: TaskRun, _ task: String, _ context: AgentContext) async throws -> ExitStatus {
    guard context.setup.work.isMonitored else { return try await run.run() }
    return try await withThrowingTaskGroup(of: ExitStatus?.self) { group in
      group.addTask { try await run.run() }
      group.addTask {
        try? await MachineReports(context: context, running: { (task, nil) }).run()
        return nil
      }
      defer { group.cancelAll() }
      for try await status in group {
        if let status { return status }
      }
      throw CancellationError()
    }
  }

  /// The task's identifier, or that of its copy.
  private static func taskToRun(_ options: ExecuteOptions, _ context: AgentContext) async throws -> String {
    let record = try await record(of: options.taskID, context)
    if options.clones {
      let copy = try await context.client.call(
        Tasks.Clone.self, .init(task: record.id, newTaskParent: record.id), patience: .seconds(10))
      guard let id = copy.id else { throw AgentError.noTask(id: options.taskID) }
      Files.print("task \(id) is a copy of \(record.id)\n")
      return id
    }
    let refusal = ExecuteCheck.refusal(
      of: record, worker: context.workerID, requiresQueue: options.requiresQueue, now: .now)
    if let refusal { throw refusal }
    if record.status == .queued { try await takeOffQueue(record, options, context) }
    return options.taskID
  }

  /// Takes the task out of its queue, so that no agent pulls it while it runs here.
  private static func takeOffQueue(
    _ record: TaskRecord, _ options: ExecuteOptions, _ context: AgentContext
  ) async throws {
    do {
      let answer = try await context.client.call(
        Tasks.Dequeue.self, .init(task: record.id, newStatus: "in_progress"), patience: .seconds(10))
      if (answer.updated ?? 0) > 0 { return }
    } catch let error as WireError where !options.requiresQueue {
      context.logger.debug("task \(record.id) was in no queue: \(error)")
    } catch is WireError {}
    // Somebody was faster.
    if options.requiresQueue { throw AgentError.notQueued(task: record.id, status: "no longer queued") }
  }

  /// The record of `task`.
  static func record(of task: String, _ context: AgentContext) async throws -> TaskRecord {
    do {
      guard let json = try await context.client.call(Tasks.GetByID.self, .init(task: task), patience: .seconds(10)).task
      else { throw AgentError.noTask(id: task) }
      return try json.decode()
    } catch let error as FieldError {
      throw AgentError.unreadableTask(id: task, reason: "\(error)")
    } catch let error as WireError where error.isAboutMissingTask {
      throw AgentError.noTask(id: task)
    }
  }

  private static func plan(_ task: String, _ context: AgentContext) async throws -> Plan {
    let record = try await record(of: task, context)
    return try Planner.plan(
      task: record, settings: context.setup.planSettings(workerID: context.workerID))
  }
}
