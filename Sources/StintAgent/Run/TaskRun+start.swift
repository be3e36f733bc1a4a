import Logging
import StintClient
import StintConfig
import StintModel
import StintPlan
import StintRuntime
import StintWire

extension TaskRun {
  /// Plans, prepares, starts the job and waits for its end.
  func startAndWait(_ record: TaskRecord, log: TaskLog) async -> End {
    do {
      let plan = try Planner.plan(
        task: record, settings: context.setup.planSettings(workerID: context.workerID))
      for note in plan.notes { log.say("[stint] \(note)") }
      let preparation = Preparation(context: context, folder: folder, log: log, record: record)
      let prepared = try await preparation.carryOut(plan)
      var known = folder.record ?? runRecord
      known.environment = prepared.environment?.directory
      known.jobStart = .now
      try folder.setRecord(known)
      try folder.setAbortCommand(prepared.abortCommand)
      try await declareAbortCallback(prepared.abortCommand, record)
      try OutputSpool(directory: folder.path).prepare(limit: context.setup.settings.outputSpoolLimit)
      try Task.checkCancellation()
      let job = try await Job.launch(
        directory: folder.path, argv: prepared.argv, environment: prepared.variables,
        workingDirectory: prepared.workingDirectory, shim: context.setup.shim, overlay: prepared.overlay,
        hold: prepared.environment?.lockFile)
      return await withTaskGroup(of: Void.self) { group in
        group.addTask { await writeBack(record, prepared) }
        async let compiling: Void = context.environments.compile(
          prepared.environment, variables: context.setup.packageVariables())
        defer { withExtendedLifetime(prepared.environment) {} }
        guard let end = try? await job.wait() else { return .cancelled }
        return .job(end)
      }
    } catch GitError.cancelled, EnvironmentError.cancelled, CommandError.cancelled, is CancellationError {
      return .cancelled
    } catch JobError.launcherFailed(.cancelled) {
      return .cancelled
    } catch {
      return Task.isCancelled ? .cancelled : .failed(Self.reason(of: error), message: "\(error)")
    }
  }

  /// What went wrong, for programs.
  private static func reason(of error: any Error) -> AttemptEnd.Reason {
    switch error {
    case is PlanError: .invalidTask
    case is GitError: .codeFailed
    case is EnvironmentError: .environmentFailed
    case let error as FileError where error.isDiskFull: .diskFull
    case is InputError, is TransferError, is ContentError: .inputsFailed
    default: .startFailed
    }
  }

  /// Writes into the task's record what is known now: the machine, the commit, the packages.
  private func writeBack(_ record: TaskRecord, _ prepared: Prepared) async {
    do {
      try await editRuntime(["_exec_agent_hostname": .string(context.setup.machineName)])
      if let commit = prepared.commit, record.script?.versionNum?.isEmpty ?? true {
        _ = try await client.call(
          Tasks.Edit.self, .init(task: task, force: true, script: Script(versionNum: commit)))
      }
      let frozen = prepared.frozen
      let recorded = record.script?.requirements
      guard !frozen.isEmpty, recorded?["pip"]?.string != frozen.joined(separator: "\n") else { return }
      var requirements = recorded ?? [:]
      if requirements["org_pip"] == nil { requirements["org_pip"] = Self.text(recorded?["pip"]) }
      requirements["pip"] = .string(frozen.joined(separator: "\n"))
      _ = try await client.call(Tasks.SetRequirements.self, .init(task: task, requirements: requirements))
    } catch is CancellationError {
      return
    } catch {
      logger.warning("the record of task \(task) could not be completed: \(error)")
    }
  }

  /// Requirements as one text: records hold a text or a list.
  private static func text(_ requirements: JSON?) -> JSON {
    switch requirements {
    case .array(let lines)?: .string(lines.compactMap(\.string).joined(separator: "\n"))
    case .string(let text)?: .string(text)
    default: .string("")
    }
  }
}
