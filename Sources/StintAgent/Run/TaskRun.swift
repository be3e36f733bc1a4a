import Logging
import StintClient
import StintConfig
import StintModel
import StintPlan
import StintRuntime
import StintWire

/// One run of one task: claim it, prepare, start its job, watch and ship, and report the end.
struct TaskRun: Sendable {
  /// What becomes of the job when the run is cancelled.
  enum OnCancel: Sendable {
    /// It goes on; the next agent adopts it.
    case leave
    /// It is stopped, and the task with it.
    case stop
  }

  var context: AgentContext
  let folder: JobFolder
  /// The queue that the task came from.
  let queue: String?
  /// The queue's name, for people.
  var queueName: String?
  /// What becomes of the job when the run is cancelled; asked then.
  var onCancel: @Sendable () -> OnCancel = { .leave }
  /// Called when all that is left is to tell the end.
  var onOutputSent: @Sendable () -> Void = {}
  /// What the server gave; nil where it knows no leases.
  var lease: LeaseGrant?
  /// Gets the output, too.
  var echo: (@Sendable (String) -> Void)?
  /// How long it waits for another agent of this machine that still clears up behind an earlier run of the task.
  var patience = Duration.zero

  var client: Client { context.client }
  var task: String { folder.task }
  var logger: Logger { context.logger }
  /// What hides the agent's secrets and the task's own.
  var masker: Masker {
    let record = folder.record
    return context.masker.hiding([record?.token].compactMap { $0 } + (record?.secrets ?? []))
  }

  var runRecord: RunRecord { RunRecord(worker: context.workerID, server: client.api, queue: queue, lease: lease) }
  /// How this run is known to the server as the task's holder.
  var claim: LeaseClaim? { lease.map { LeaseClaim(id: $0.id, worker: context.workerID) } }

  /// How the work on a task ended.
  enum End: Sendable {
    case job(JobEnd)
    /// A step before the job failed; the message is for the task's log.
    case failed(AttemptEnd.Reason, message: String)
    /// It was cancelled; a job may run.
    case cancelled
  }

  /// Claims the task and runs it to its end.
  /// - Throws: `CancellationError` where it was cancelled and `onCancel` is `leave`; else why it could not be claimed.
  func run() async throws -> ExitStatus {
    try await owning {
      let record: TaskRecord
      let run: TaskRun
      do {
        try await folder.prepare(runRecord)
        // The file is written over when the task has started: the room for it must be there before.
        if let lease { try JobLease(directory: folder.path).confirm(lease, asked: .now) }
      } catch {
        folder.remove()
        await release()
        throw error
      }
      do {
        record = try await start()
        run = try await withVaults()
      } catch {
        await reportUnclaimed(error)
        throw error
      }
      let source = (queueName ?? queue).map { "from queue \($0) " } ?? ""
      return try await run.supervise(greeting: "task \(task) pulled \(source)by worker \(context.workerID)") { log in
        await run.startAndWait(record, log: log)
      }
    }
  }

  /// Goes on with a run that an earlier agent began. One that had no job yet begins anew.
  func adopt() async throws -> ExitStatus {
    let job: Job
    do {
      job = try Job.adopt(directory: folder.path)
    } catch {
      return try await run()
    }
    if job.processID == nil, case .ended(let end) = job.state, end.reason == .lost { return try await run() }
    return try await owning {
      let hold = folder.record?.environment.flatMap { context.environments.hold($0) }
      defer { withExtendedLifetime(hold) {} }
      return try await supervise(greeting: nil) { _ in
        guard let end = try? await job.wait() else { return .cancelled }
        return .job(end)
      }
    }
  }

  /// Whether a run that an earlier agent began has still something to do for a task in this state.
  func isWanted(_ status: TaskStatus) -> Bool {
    switch status {
    case .inProgress, .unknown: true
    // Code may report that it has completed before its process ends.
    case .completed: (try? Job.adopt(directory: folder.path))?.state == .running
    case .created, .queued, .stopped, .closed, .failed, .publishing, .published: false
    }
  }

  /// Ends what an earlier agent left of a run whose task has come to its end without it. Its output is still the task's,
  /// unless the task was made ready for another run.
  func clearAway(_ status: TaskStatus) async throws -> ExitStatus {
    try await owning {
      let end = await (try? Job.adopt(directory: folder.path))?.stop()
      let shipper = shipper(isResumed: true)
      // Code may say that its task has completed before its outputs are kept.
      if status.isFinal { try await outputs(TaskLog(folder: folder, masker: masker, logger: logger)).upload() }
      if status.isFinal { shipper.finish() } else { shipper.abandon() }
      try await shipper.run()
      await release()
      close()
      return Conclusion(end: end.map { .job($0) } ?? .cancelled, interruption: nil).exitStatus
    }
  }

  /// Does `work` as the only agent that looks after this run.
  private func owning(_ work: () async throws -> ExitStatus) async throws -> ExitStatus {
    try Files.makeDirectory(folder.lock.parentFolder)
    let start = ContinuousClock.now
    var free = try FileLock.attempt(folder.lock, .exclusive)
    while free == nil, start.duration(to: .now) < patience {
      try await Task.sleep(for: .milliseconds(50))
      free = try FileLock.attempt(folder.lock, .exclusive)
    }
    guard let lock = free else {
      await release()
      throw AgentError.busy(task: task)
    }
    defer {
      Files.remove(folder.lock)
      lock.unlock()
    }
    return try await work()
  }

  /// Tells the server that the task runs here, and gets its record.
  private func start() async throws -> TaskRecord {
    let asked = BootInstant.now
    async let started = client.call(
      Tasks.Started.self, .init(task: task, force: true, statusMessage: "pulled by agent", lease: claim))
    async let found = client.call(Tasks.GetByID.self, .init(task: task))
    do {
      let answer = try await started
      if let grant = answer.lease { try JobLease(directory: folder.path).confirm(grant, asked: asked) }
      if let token = answer.token {
        var record = runRecord
        record.token = token
        try folder.setRecord(record)
      }
      guard let json = try await found.task else { throw AgentError.noTask(id: task) }
      return try json.decode(TaskRecord.self)
    } catch let error as FieldError {
      throw AgentError.unreadableTask(id: task, reason: "\(error)")
    } catch let error as WireError where error.isAboutMissingTask {
      throw AgentError.noTask(id: task)
    }
  }

  /// Does `work` while the output is shipped and the task's state is watched, then reports how it ended.
  private func supervise(
    greeting: String?, _ work: @escaping @Sendable (TaskLog) async -> End
  ) async throws -> ExitStatus {
    let shipper = shipper(isResumed: greeting == nil)
    let log = TaskLog(folder: folder, masker: masker, logger: logger)
    if let greeting { log.say(greeting) }
    async let shipping: Void = shipper.run()
    async let hello: Void = reportWorker(busy: true)
    let (end, interruption) = await workUnlessInterrupted(log) { note in
      let end = await work(log)
      return await keepOutputs(end, note, log)
    }
    if Task.isCancelled, case .cancelled = end, interruption?.leavesTime == true, case .leave = onCancel() {
      // Its code saves its work. The next agent gives it the rest of its time.
      throw CancellationError()
    }
    guard case .cancelled = end, interruption == nil else {
      async let _: Void = stayHolder()
      let conclusion = await conclude(end, interruption, log)
      if conclusion.isForeign { shipper.abandon() } else { shipper.finish(error: conclusion.errorMessage) }
      try await shipping
      onOutputSent()
      await hello
      async let goodbye: Void = reportWorker(busy: false)
      try await report(conclusion, patience: nil)
      close()
      await goodbye
      return conclusion.exitStatus
    }
    guard case .stop = onCancel() else { throw CancellationError() }
    try? await shipping
    // This run's own task is cancelled. What is left to do is not, but does not wait for a server that is away.
    return await Task { await stopAndReport(log, shipper) }.value
  }

  private func shipper(isResumed: Bool) -> LogShipper {
    LogShipper(
      client: client, worker: context.workerID, folder: folder,
      chunker: LogChunker(masker: masker, foldsCarriageReturns: context.setup.settings.foldsCarriageReturns),
      sendsOffsets: context.offers(.logOffsets), isResumed: isResumed, isSilent: !context.setup.work.isMonitored,
      logger: logger, echo: echo)
  }

  private func stopAndReport(_ log: TaskLog, _ shipper: LogShipper) async -> ExitStatus {
    let patience = Duration.seconds(10)
    let conclusion = await conclude(.cancelled, .agentStopped, log)
    await keepOutputsInHaste(log)
    shipper.finish(error: conclusion.errorMessage, patience: patience)
    do {
      try await shipper.run()
    } catch {
      logger.error("the last lines of task \(task) were not sent: \(error)")
    }
    try? await report(conclusion, patience: patience)
    close()
    return conclusion.exitStatus
  }

  private func conclude(_ end: End, _ interruption: Interruption?, _ log: TaskLog) async -> Conclusion {
    var (end, interruption) = (end, interruption)
    if interruption == nil, await wasAskedToStop(end) { interruption = .aborted }
    if let job = runningJob {
      // The work may have been cancelled, or have failed, between the job's start and the first look at it.
      let stopped = await job.stop()
      if case .cancelled = end { end = .job(stopped) }
    }
    var conclusion = Conclusion(end: end, interruption: interruption)
    if interruption == .aborted, let reason = await reasonOfStop() { conclusion.reason = reason }
    // An earlier agent may have said so before it was killed.
    if let line = conclusion.lastLine, folder.endsWith(line) { conclusion.lastLine = nil }
    if case .job(let end) = end, end.diskFull || Files.isDiskFull(of: folder.path) {
      conclusion.tellFullDisk(of: context.setup.caches.root)
    }
    if let line = conclusion.lastLine { log.say(line) }
    return conclusion
  }

  private var runningJob: Job? {
    guard let job = try? Job.adopt(directory: folder.path), job.state == .running else { return nil }
    return job
  }

  var isJobRunning: Bool { runningJob != nil }

  private func workUnlessInterrupted(
    _ log: TaskLog, _ work: @escaping @Sendable (InterruptionNote) async -> End
  ) async -> (End, Interruption?) {
    let note = InterruptionNote()
    enum News: Sendable {
      case end(End)
      case interruption(Interruption?)
      /// The code has had its time, or must end at once.
      case callbackOver(Interruption?)
    }
    return await withTaskGroup(of: News.self) { group in
      group.addTask { .end(await work(note)) }
      group.addTask {
        .interruption(try? await AbortWatch(context: context, folder: folder, claim: claim).interruption())
      }
      group.addTask { .interruption(try? await LimitWatch(folder: folder, lease: lease).interruption()) }
      group.addTask {
        try? await ResourceReports(context: context, folder: folder).run()
        return .interruption(nil)
      }
      var interruption: Interruption?
      var ended: End?
      var isLeavingTime = false
      for await news in group {
        switch news {
        case .end(let end):
          ended = end
          // The command does not end with the code that it is run for.
          if isLeavingTime, folder.abortCommand != nil { continue }
          group.cancelAll()
          return (end, interruption)
        case .interruption(let reason?):
          let isFirst = interruption == nil
          if isFirst || !reason.isLimit { interruption = reason }
          note.interruption = interruption
          logger.info("task \(task) shall not go on: \(reason)")
          guard let job = runningJob else {
            group.cancelAll()
            continue
          }
          if isFirst, reason.leavesTime {
            isLeavingTime = true
            group.addTask { .callbackOver(await waitForAbortCallback(log)) }
          } else {
            job.requestStop()
          }
        case .callbackOver(let reason):
          isLeavingTime = false
          interruption = reason ?? interruption
          note.interruption = interruption
          if let ended {
            group.cancelAll()
            return (ended, interruption)
          }
          runningJob?.requestStop()
        case .interruption(nil): continue
        }
      }
      return (ended ?? .cancelled, interruption)
    }
  }
}
