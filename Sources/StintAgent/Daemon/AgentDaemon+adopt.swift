import Logging
import StintClient
import StintModel
import StintRuntime
import StintWire

extension AgentDaemon {
  /// Goes on with what an earlier agent left running on this machine.
  func adoptLeftRuns(_ context: AgentContext, _ queues: ServedQueues) async {
    await withTaskGroup(of: Void.self) { group in
      for (folder, record) in leftRuns(of: context.workerID) {
        let run = TaskRun(
          context: context, folder: folder, queue: record.queue, queueName: record.queue.flatMap { queues.names[$0] },
          onCancel: onCancel, lease: record.lease)
        group.addTask { await self.takeOver(run, of: record) }
      }
    }
  }

  /// The runs on this machine that an earlier agent of this worker's name left.
  func leftRuns(of worker: String) -> [(folder: JobFolder, record: RunRecord)] {
    JobFolder.removeRemains(in: setup.caches)
    return JobFolder.all(in: setup.caches).compactMap { folder in
      guard let record = folder.record, record.worker == worker else { return nil }
      return (folder, record)
    }
  }

  /// The task decides, not the server's address, which may have changed.
  private func takeOver(_ run: TaskRun, of record: RunRecord) async {
    do {
      if let claim = run.claim {
        _ = try await run.client.call(Tasks.Ping.self, .init(task: run.task, lease: claim))
      }
      let answer = try await run.client.call(Tasks.GetByID.self, .init(task: run.task)).task
      let status = answer?["status"]?.string.flatMap(TaskStatus.init) ?? .unknown
      if record.server != run.client.api {
        var moved = record
        moved.server = run.client.api
        try run.folder.setRecord(moved)
      }
      guard run.isWanted(status) else {
        logger.info("task \(run.task) was left by an earlier agent and is \(status.rawValue) by now: cleared away")
        await clearAway(run, status)
        return
      }
    } catch is CancellationError {
      return
    } catch let error as WireError where error.isLostLease {
      logger.info("task \(run.task) was left by an earlier agent and is another worker's by now: cleared away")
      await clearAway(run, .queued)
      return
    } catch let error as WireError where error.isAboutMissingTask {
      guard record.server == run.client.api else {
        logger.warning(
          """
          task \(run.task) was left by an earlier agent of \(record.server); \(run.client.api) does not know it, so \
          \(run.folder.path) stays as it is
          """)
        return
      }
    } catch {
      logger.error("task \(run.task) was left by an earlier agent and cannot be adopted: \(error)")
      return
    }
    logger.info("task \(run.task) was left by an earlier agent and is adopted")
    await supervise(run) { try await $0.adopt() }
  }

  /// Nothing is reported of it: it is not this worker's task any more.
  private func clearAway(_ run: TaskRun, _ status: TaskStatus) async {
    do {
      _ = try await run.clearAway(status)
    } catch is CancellationError {
      return
    } catch {
      logger.error("what is left of task \(run.task) could not be cleared away: \(error)")
    }
  }
}
