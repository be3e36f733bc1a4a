import StintWire

@testable import StintPlan

/// A task's record with this `script` section.
func task(_ script: JSON) throws -> TaskRecord {
  try JSON.object(["id": "a1b2", "script": script]).decode()
}

/// The plan for a task with this `script` section; `set` changes the agent's settings.
func plan(_ script: JSON, _ set: (inout PlanSettings) -> Void = { _ in }) throws -> Plan {
  var settings = PlanSettings()
  set(&settings)
  return try Planner.plan(task: task(script), settings: settings)
}

extension CodeFiles {
  /// Files with these paths and texts.
  init(_ files: [String: String]) {
    self.init(
      read: { files[$0] },
      exists: { path in files.keys.contains { $0 == path || $0.hasPrefix(path + "/") } || path == "." })
  }
}

extension Plan {
  var environment: EnvironmentRequest? {
    for case .environment(let request) in steps { return request }
    return nil
  }

  var launch: Launch? {
    for case .run(let launch) in steps { return launch }
    return nil
  }

  var writtenScript: (path: String, text: String)? {
    for case .writeScript(let path, let text) in steps { return (path, text) }
    return nil
  }
}
