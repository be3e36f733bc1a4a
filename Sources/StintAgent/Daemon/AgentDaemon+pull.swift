import Logging
import StintClient
import StintConfig
import StintModel
import StintRuntime
import StintWire
import Synchronization

extension AgentDaemon {
  /// How long the server may hold a request for the next task open.
  private static let longPoll = Duration.seconds(50)

  /// Takes one task after another and runs it.
  func pull(_ context: AgentContext, _ served: ServedQueues) async throws {
    var queues = served
    while true {
      try Task.checkCancellation()
      guard let (task, queue) = try await nextTask(context, queues) else { continue }
      if options.isFair { queues.putLast(queue) }
      guard let folder = JobFolder(task: task, in: setup.caches) else {
        logger.error("\(AgentError.badTaskID(task))")
        continue
      }
      logger.info("task \(task) pulled from \(queues.names[queue] ?? queue)")
      let run = TaskRun(
        context: context, folder: folder, queue: queue, queueName: queues.names[queue], onCancel: onCancel)
      await supervise(run) { try await $0.run() }
    }
  }

  var onCancel: TaskRun.OnCancel { options.stopsTasksOnExit ? .stop : .leave }

  /// Runs one task. Whatever becomes of it, the daemon goes on.
  func supervise(_ run: TaskRun, _ work: (TaskRun) async throws -> ExitStatus) async {
    running.withLock { $0[run.task] = .some(run.queue) }
    do {
      _ = try await work(run)
      running.withLock { $0[run.task] = nil }
    } catch is CancellationError {
      logger.info("task \(run.task) goes on without this agent")
    } catch {
      running.withLock { $0[run.task] = nil }
      logger.error("task \(run.task): \(error)")
    }
  }

  private func nextTask(
    _ context: AgentContext, _ queues: ServedQueues
  ) async throws -> (task: String, queue: String)? {
    guard context.offers(.longPoll), let first = queues.ids.first else { return try await poll(context, queues) }
    let answer = try await context.client.call(
      Queues.GetNextTask.self,
      .init(queue: first, waitMs: Int(Self.longPoll / .milliseconds(1)), queues: queues.ids),
      timeout: Self.longPoll + .seconds(20))
    guard let task = answer.entry?.task else { return nil }
    return (task, answer.queue ?? first)
  }

  /// Asks queue by queue, as a stock server wants it; waits where all are empty.
  private func poll(_ context: AgentContext, _ queues: ServedQueues) async throws -> (task: String, queue: String)? {
    for queue in queues.ids {
      let answer = try await context.client.call(Queues.GetNextTask.self, .init(queue: queue))
      if let task = answer.entry?.task { return (task, queue) }
    }
    try await Task.sleep(for: setup.settings.intervals.polling)
    return nil
  }
}
