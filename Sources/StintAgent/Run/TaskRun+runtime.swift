import Logging
import StintClient
import StintWire

extension TaskRun {
  /// Sets some of the task's runtime properties and takes others away. The rest is somebody else's, such as the code's
  /// own, and may change at any time: it is left alone.
  func editRuntime(
    _ properties: [String: JSON], removing names: [String] = [], patience: Duration? = nil
  ) async throws {
    do {
      let change = Tasks.EditRuntime.Request(task: task, addOrUpdate: properties, remove: names, force: true)
      _ = try await client.call(Tasks.EditRuntime.self, change, patience: patience)
    } catch let error as WireError where error.isAboutMissingEndpoint {
      // Servers before 2.34 take all of them or none: so they are read as late as can be.
      let answer = try await client.call(
        Tasks.GetAll.self, ["id": [.string(task)], "only_fields": ["runtime"], "search_hidden": true],
        patience: patience)
      guard let record = answer["tasks"]?.array?.first else { return }
      var runtime = (record["runtime"]?.object ?? [:]).merging(properties) { $1 }
      for name in names { runtime[name] = nil }
      _ = try await client.call(
        Tasks.Edit.self, .init(task: task, force: true, runtime: runtime), patience: patience)
    }
  }

  /// Tells the record what is to be waited for when the task shall stop, before its code can say so: what an earlier run
  /// of the task has registered is not there any more.
  func declareAbortCallback(_ command: AbortCommand?, _ record: TaskRecord) async throws {
    let properties = command?.properties ?? [:]
    let names = AbortCallback.names(in: record.runtime ?? [:]).filter { properties[$0] == nil }
    guard !properties.isEmpty || !names.isEmpty else { return }
    do {
      try await editRuntime(properties, removing: names, patience: .seconds(30))
    } catch {
      try Task.checkCancellation()
      logger.warning("what task \(task) does before it is stopped could not be told: \(error)")
    }
  }
}

extension WireError {
  /// Whether the server does not know such a call.
  fileprivate var isAboutMissingEndpoint: Bool { code == WireError.Kind.unknownEndpoint.code }
}
