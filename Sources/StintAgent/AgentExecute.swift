import Logging
import ServiceLifecycle
import StintClient
import StintConfig
import StintModel
import StintPlan
import StintRuntime
import StintWire
import Synchronization
import UnixSignals

/// What `stint agent execute` is told on its command line.
package struct ExecuteOptions: Sendable {
  /// The task to run.
  package var taskID: String
  /// Only tells what would be done.
  package var isDryRun: Bool
  /// In a dry run, writes the plan as a shell script.
  package var asScript: Bool

  package init(taskID: String, isDryRun: Bool = false, asScript: Bool = false) {
    (self.taskID, self.isDryRun, self.asScript) = (taskID, isDryRun, asScript)
  }
}

/// Runs one task in the foreground, without a queue.
package enum AgentExecute {
  /// `run`, until it ends or the process gets SIGINT or SIGTERM, which stop the task.
  package static func runInForeground(
    setup: AgentSetup, options: ExecuteOptions, logger: Logger
  ) async throws -> Int32 {
    let service = ForegroundRun { try await run(setup: setup, options: options, logger: logger) }
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    let group = ServiceGroup(
      configuration: .init(
        services: [
          .init(
            service: service, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .cancelGroup)
        ],
        gracefulShutdownSignals: [.sigint, .sigterm], logger: quiet))
    try await group.run()
    return service.code.withLock { $0 }
  }

  /// Runs the task, with its output on standard output too, and returns the code to exit with. Cancelling stops the task.
  package static func run(setup: AgentSetup, options: ExecuteOptions, logger: Logger) async throws -> Int32 {
    guard let folder = JobFolder(task: options.taskID, in: setup.caches) else {
      throw AgentError.badTaskID(options.taskID)
    }
    let client = setup.client(logger: logger)
    do {
      let code = try await run(setup: setup, options: options, folder: folder, client: client, logger: logger)
      await client.shutdown()
      return code
    } catch {
      await client.shutdown()
      throw error
    }
  }

  private static func run(
    setup: AgentSetup, options: ExecuteOptions, folder: JobFolder, client: Client, logger: Logger
  ) async throws -> Int32 {
    let context = AgentContext(
      setup: setup, client: client, workerID: setup.settings.worker.id ?? "\(setup.machineName):execute",
      extensions: try await client.extensions(patience: .seconds(10)), logger: logger)
    if options.isDryRun {
      let plan = try await plan(options.taskID, context)
      Files.print(options.asScript ? plan.script : plan.listing)
      return 0
    }
    let run = TaskRun(
      context: context, folder: folder, queue: nil, onCancel: .stop, echo: { Files.print($0) })
    let status: Result<ExitStatus, any Error>
    do {
      status = .success(try await run.run())
    } catch {
      status = .failure(error)
    }
    // Also where this was cancelled: a worker that is gone must not be listed.
    await Task {
      _ = try? await client.call(
        Workers.Unregister.self, .init(worker: context.workerID), timeout: .seconds(3), patience: .zero)
    }.value
    return try status.get().shellCode
  }

  private static func plan(_ task: String, _ context: AgentContext) async throws -> Plan {
    guard let json = try await context.client.call(Tasks.GetByID.self, .init(task: task), patience: .seconds(10)).task
    else { throw AgentError.noTask(id: task) }
    let record: TaskRecord
    do {
      record = try json.decode()
    } catch {
      throw AgentError.unreadableTask(id: task, reason: "\(error)")
    }
    return try Planner.plan(
      task: record, settings: context.setup.planSettings(workerID: context.workerID), machine: context.facts)
  }
}

/// The run of a task as a service, so that it hears of signals.
private final class ForegroundRun: Service {
  let code = Mutex<Int32>(130)
  private let body: @Sendable () async throws -> Int32

  init(_ body: @escaping @Sendable () async throws -> Int32) { self.body = body }

  func run() async throws {
    do {
      let body = body
      let result = try await cancelWhenGracefulShutdown { try await body() }
      code.withLock { $0 = result }
    } catch is CancellationError {
      // Interrupted before there was a task to stop.
    }
  }
}
