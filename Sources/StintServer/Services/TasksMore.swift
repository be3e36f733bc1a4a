import StintModel
import StintStore
import StintWire

extension Services {
  func addMoreOfTasks(to api: inout API) {
    api.on(Tasks.GetTypes.self) { request, _ in
      .init(types: try await store.read { try $0.distinct(.tasks, "type", .inProjects(request.projects)) })
    }
    api.on(Tasks.Validate.self) { request, call in
      try await transact(call) { try $0.validateTask(request) }
      return .init()
    }
    api.on(Tasks.UpdateBatch.self) { request, call in
      let lines = request.array ?? (request.object?.isEmpty == false ? [request] : [])
      guard !lines.isEmpty else { throw WireError(.emptyBatch) }
      // As one list, so that an error tells which of them it is about.
      let edits = try JSON.array(lines).decode([Tasks.Edit.Request].self)
      return try await transact(call) { transaction in
        UpdatedCount(updated: try edits.reduce(0) { try $0 + transaction.editTask($1).updated })
      }
    }
    api.on(Tasks.EditRuntime.self) { request, call in
      try await transact(call) { transaction in
        try transaction.changeTask(request.task, while: request.force == true ? .anyStatus : .createdOrRunning) {
          task in
          var runtime = (task["runtime"]?.object ?? [:]).merging(request.addOrUpdate ?? [:]) { $1 }
          for key in request.remove ?? [] { runtime[key] = nil }
          task["runtime"] = .object(runtime)
        }
      }
      return .init(updated: 1)
    }
    api.on(Models.GetFrameworks.self) { request, _ in
      .init(frameworks: try await store.read { try $0.distinct(.models, "framework", .inProjects(request.projects)) })
    }
    api.on(Models.GetByTaskID.self) { request, call in
      guard call.version < WireVersion(2, 13) else {
        throw WireError(
          code: 301, subcode: 1,
          message: "This endpoint is no longer supported for the requested api version (use models.get_by_id/get_all)")
      }
      return .init(
        model: try await store.read { records in
          let made = try records.task(request.task)[path: ["models", "output"]]?.array?.last?.text("model")
          guard let made else { throw WireError(.invalidModelID, "the task has made none: task=\(request.task)") }
          return try records.model(made)
        })
    }
  }
}
