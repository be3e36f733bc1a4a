import Logging
import StintClient
import StintConfig
import StintModel
import StintRuntime
import StintWire
import Synchronization

extension AgentDaemon {
  /// How long another agent of this machine may take to clear up behind the lost run of a task that is ours now.
  private static let patienceWithOthers = Duration.seconds(20)
  /// How long the server may hold a request for the next task open.
  private static let longPoll = Duration.seconds(50)

  /// Takes one task after another and runs it. The next one is asked for while the end of the last one is told.
  func pull(_ initial: AgentContext, _ served: ServedQueues) async throws {
    var (context, queues) = (initial, served)
    var taken = 0
    try await withThrowingTaskGroup(of: Void.self) { runs in
      while control.order == .serve, taken < options.taskLimit ?? .max {
        try Task.checkCancellation()
        // Without a lease a task that was taken off its queue is only safe once it is started.
        if context.leasePrefix == nil { try await runs.waitForAll() }
        let (asker, asked) = (context, queues)
        let isAlone = runs.isEmpty
        // A task that was on its way is not lost: its lease is over before it was started.
        let asking: Result<Answer?, any Error>
        do {
          asking = .success(
            try await control.unless(.drain) {
              try await self.waitForHours(asker)
              try await self.waitForRoom()
              return try await self.nextTask(asker, asked)
            })
        } catch {
          asking = .failure(error)
        }
        // Whatever came of it, the end of the last task is told first.
        try await runs.waitForAll()
        guard let answer = try asking.get() else { return }
        guard let pulled = answer.task else {
          // The end of a task may have brought another one.
          if answer.isDraining {
            logger.notice("this worker was drained: its agent ends. `stint worker enable` lets it serve again")
            return
          }
          if options.exitsWhenIdle && isAlone { return }
          continue
        }
        taken += 1
        if options.isFair { queues.putLast(pulled.queue) }
        context = context.reloaded()
        guard let run = run(pulled, context, queues) else { continue }
        let (stages, reached) = AsyncStream.makeStream(of: Stage.self)
        runs.addTask { reached.yield(.ended(await self.follow(run) { reached.yield(.outputIsSent) })) }
        if case .ended(let error)? = await stages.first(where: { _ in true }), error is FileError {
          // Nothing can be written here. The task has gone back to its queue, and should find another worker first.
          try await Task.sleep(for: .seconds(5))
        }
      }
    }
  }

  /// How far a run has come.
  private enum Stage: Sendable {
    /// All that is left is to tell that it ended.
    case outputIsSent
    /// Nothing is left; with why it could not be run.
    case ended((any Error)?)
  }

  private func run(_ pulled: Pulled, _ context: AgentContext, _ queues: ServedQueues) -> TaskRun? {
    let (task, queue) = (pulled.task, pulled.queue)
    guard let folder = JobFolder(task: task, of: setup) else {
      logger.error("\(AgentError.badTaskID(task))")
      return nil
    }
    logger.info("task \(task) pulled from \(queues.names[queue] ?? queue)")
    return TaskRun(
      context: context, folder: folder, queue: queue, queueName: queues.names[queue], onCancel: onCancel,
      lease: pulled.lease, patience: Self.patienceWithOthers)
  }

  private func follow(_ run: TaskRun, _ onOutputSent: @escaping @Sendable () -> Void) async -> (any Error)? {
    var run = run
    run.onOutputSent = onOutputSent
    return await supervise(run) { try await $0.run() }
  }

  /// What becomes of running tasks when the daemon ends.
  var onCancel: @Sendable () -> TaskRun.OnCancel { { [control] in control.order == .stopTasks ? .stop : .leave } }

  /// Runs one task. Whatever becomes of it, the daemon goes on; returns why it could not be run.
  @discardableResult
  func supervise(_ run: TaskRun, _ work: (TaskRun) async throws -> ExitStatus) async -> (any Error)? {
    running.withLock { $0[run.task] = .some(run.queue) }
    defer { finishedRuns.withLock { $0 += 1 } }
    do {
      _ = try await work(run)
      running.withLock { $0[run.task] = nil }
      return nil
    } catch is CancellationError {
      logger.info("task \(run.task) goes on without this agent")
      return nil
    } catch {
      running.withLock { $0[run.task] = nil }
      logger.error("task \(run.task): \(error)")
      return error
    }
  }

  private struct Pulled: Sendable {
    let task: String
    let queue: String
    var lease: LeaseGrant?
  }

  private struct Answer: Sendable {
    var task: Pulled?
    /// Whether somebody ordered that this agent ends after its tasks.
    var isDraining = false
  }

  private func nextTask(_ context: AgentContext, _ queues: ServedQueues) async throws -> Answer {
    guard context.offers(.longPoll), let first = queues.ids.first else {
      return Answer(task: try await poll(context, queues))
    }
    let answer = try await context.client.call(
      Queues.GetNextTask.self,
      .init(
        queue: first, waitMs: options.exitsWhenIdle ? 0 : Int(Self.longPoll / .milliseconds(1)), queues: queues.ids,
        lease: context.newClaim()),
      timeout: Self.longPoll + .seconds(20))
    desk.take(answer.clean)
    let task = answer.entry?.task.map { Pulled(task: $0, queue: answer.queue ?? first, lease: answer.lease) }
    return Answer(task: task, isDraining: answer.mode == .draining)
  }

  /// Asks queue by queue, as a stock server wants it; waits where all are empty.
  private func poll(_ context: AgentContext, _ queues: ServedQueues) async throws -> Pulled? {
    for queue in queues.ids {
      let answer = try await context.client.call(Queues.GetNextTask.self, .init(queue: queue))
      if let task = answer.entry?.task { return Pulled(task: task, queue: queue) }
    }
    if !options.exitsWhenIdle { try await Task.sleep(for: setup.settings.intervals.polling) }
    return nil
  }
}
