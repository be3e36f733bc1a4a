import StintWire

@testable import StintPlan

/// A task's record with this `script` section.
func task(_ script: JSON) throws -> TaskRecord {
  try JSON.object(["id": "a1b2", "script": script]).decode()
}

func plan(
  _ script: JSON, settings: PlanSettings = PlanSettings(), machine: MachineFacts = MachineFacts()
) throws -> Plan {
  try Planner.plan(task: task(script), settings: settings, machine: machine)
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
