import StintModel
import StintStore
import StintWire

extension Services {
  /// Comes last: it tells which endpoints there are.
  func addServer(to api: inout API) {
    api.on(ServerCalls.Info.self) { _, _ in
      .init(
        version: version, build: version, commit: "", uid: Company.id, apiVersion: WireVersion.newest.description,
        addresses: addresses.current?.json, utcOffset: HourOfWeek.secondsAheadOfUTC)
    }
    api.on(ServerCalls.AsyncResult.self) { request, call in
      try asyncCalls.result(request.id, for: call.caller.user)
    }
    api.on(ServerCalls.Config.self, roles: [.admin]) { request, _ in
      let config = ServerCalls.Config.Response(
        version: version, features: features.map(\.rawValue), leaseSec: Int(leaseDuration.components.seconds),
        silentTaskLimitSec: Int(silentTaskLimit.components.seconds))
      guard let name = request.path, !name.isEmpty else { return config }
      guard let value = try JSON(encoding: config)[name] else {
        throw WireError(.fieldValue, "there is no such setting: field=path")
      }
      return try JSON.object([name: value]).decode(ServerCalls.Config.Response.self)
    }
    api.on(Debug.Ping.self, needsLogin: false) { _, _ in .init(msg: "Ready") }
    // Stint reports to nobody.
    api.on(ServerCalls.ReportStatsOption.self) { _, _ in
      .init(supported: false, enabled: false, currentVersion: version)
    }
    api.on(ServerCalls.GetStats.self, roles: [.admin]) { _, _ in
      let workers = workers.alive().count
      return try await store.read { records in
        let counts = try records.counts(.tasks, by: "status")
        return [
          "tasks": .object(counts.mapValues(JSON.number)), "models": .number(try records.count(.models)),
          "projects": .number(try records.count(.projects)), "queues": .number(try records.count(.queues)),
          "users": .number(try records.count(.users)), "workers": .number(workers),
        ]
      }
    }
    let served = (Array(api.routes.keys) + [ServerCalls.Endpoints.name]).sorted()
    api.on(ServerCalls.Endpoints.self) { _, _ in
      let byService = Dictionary(grouping: served) { String($0.prefix { $0 != "." }) }
      return .init(endpoints: byService)
    }
  }
}
