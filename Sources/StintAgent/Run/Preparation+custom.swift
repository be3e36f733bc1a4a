import StintConfig
import StintModel
import StintPlan
import StintRuntime
import StintWire

/// What a script of the machine's owner made of a task, in place of an environment.
struct CustomBuild: Sendable, Equatable {
  /// What runs the entry point.
  var binary: String
  var entryPoint: String
  var workingDirectory: String
}

extension Preparation {
  /// Lets the owner's script prepare the task; nil where there is none, or where it leaves that to us.
  func customBuild(_ plan: Plan, _ code: CodeFolder) async throws -> CustomBuild? {
    guard let name = context.setup.settings.customBuildScript else { return nil }
    guard case .run(let launch)? = plan.steps.last else { return nil }
    var variables = context.setup.environment.merging(context.setup.settings.environment) { $1 }
    let answer = folder.path + "/custom-build.json"
    variables["CLEARML_TASK_SCRIPT_ENTRY"] = launch.entry.arguments.first ?? ""
    variables["CLEARML_TASK_WORKING_DIR"] = launch.workingDirectory
    variables["CLEARML_VENV_PATH"] = folder.path + "/venv"
    variables["CLEARML_GIT_ROOT"] = code.root
    variables["CLEARML_CUSTOM_BUILD_TASK_CONFIG_JSON"] = record.flatMap { try? JSON(encoding: $0).text } ?? "{}"
    variables["CLEARML_CUSTOM_BUILD_OUTPUT"] = answer
    let script = Substitution.expand(name, with: variables)
    guard Files.exists(script) else {
      log.say("[stint] The build script \(script) does not exist; the environment is made without it.")
      return nil
    }
    variables["CLEARML_AGENT_CUSTOM_BUILD_SCRIPT"] = script
    try await log.step("custom build script") {
      try await Command([script], environment: variables, workingDirectory: code.root).run(onLine: { log.say($0) })
    }
    return build(Files.readText(answer), script)
  }

  private func build(_ answer: String?, _ script: String) -> CustomBuild? {
    guard let answer, let json = try? JSON(parsing: Array(answer.utf8)), let binary = json["binary"]?.string,
      let entryPoint = json["entry_point"]?.string, let place = json["working_dir"]?.string,
      [binary, entryPoint, place].allSatisfy(Files.exists)
    else {
      log.say("[stint] The build script \(script) does not say what to run; the environment is made without it.")
      return nil
    }
    return CustomBuild(binary: binary, entryPoint: entryPoint, workingDirectory: place)
  }
}
