import StintModel
import StintStore
import StintWire

extension Services {
  func addPipelines(to api: inout API) {
    api.on(Pipelines.StartPipeline.self) { request, call in
      let (pipeline, fields) = try await transact(call) { transaction -> (String, JSON) in
        let source = try transaction.records.task(request.task)
        let copy = try transaction.cloneTask(.init(task: request.task, newTaskProject: source.text("project"))).id ?? ""
        try transaction.changeTask(copy, while: .anyStatus) { task in
          for argument in request.args ?? [] {
            let path = ["hyperparams", "Args", argument.name]
            let item: JSON = ["section": "Args", "name": .string(argument.name), "value": .string(argument.value)]
            task[path: path] = (task[path: path] ?? [:]).merging(item)
          }
        }
        return (copy, try transaction.enqueue(copy, to: QueueChoice(id: request.queue), reason: "Starting pipeline"))
      }
      let isWatched =
        request.verifyWatchedQueue == true ? fields["execution.queue"]?.string.map { workers.watches($0) } : nil
      return .init(pipeline: pipeline, enqueued: true, queueWatched: isWatched)
    }
    api.on(Pipelines.CheckNewRun.self) { request, _ in
      let project = try await store.read { records in
        let task = try records.task(request.task)
        let name = "\(request.newProjectName)/.pipelines/\(request.newPipelineName ?? task.text("name") ?? "")"
        return try records.first(.projects, .equals("name", .string(name)))
      }
      return .init(
        existingProject: project.flatMap { project in
          project.text("id").map { .init(id: $0, name: project.text("name") ?? $0) }
        })
    }
    api.on(Pipelines.DeleteRuns.self) { request, call in
      let ids = Set(request.ids)
      let others = try await store.read { records in
        _ = try records.project(request.project)
        return try records.distinct(
          .tasks, "id",
          .and([
            .equals("project", .string(request.project)), .contains("system_tags", SystemTag.pipeline),
            .not(.isOneOf("id", ids.map(JSON.string))),
          ]))
      }
      guard !others.isEmpty else {
        throw WireError(
          code: 400, subcode: 160,
          message: "Cannot delete all pipeline runs: delete the project instead (project=\(request.project))")
      }
      let answer = try await each(of: request.ids, call) { transaction, id in
        guard try transaction.records.task(id).text("project") == request.project else {
          throw WireError(.invalidTaskID, id: id)
        }
        return try JSON(encoding: transaction.deleteTask(id, force: true, deletesModels: true))
      }
      try await store.events.deleteTasks(answer.succeeded.compactMap { $0.text("id") })
      return answer
    }
  }
}
