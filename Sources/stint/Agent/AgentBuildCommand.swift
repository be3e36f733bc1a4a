import ArgumentParser
import StintAgent

struct AgentBuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Put a task's code and environment into a folder, ready to run there.")

  @OptionGroup var agent: AgentFlags
  @OptionGroup var work: WorkFlags
  @Option(help: "The task's identifier.") var id: String
  @Option(help: "The folder, missing or empty; by default task_id_ID in this one.") var target: String?
  @Option(help: "The Python version to use, whatever the task was made with.") var pythonVersion: String?
  @OptionGroup var more: ClearMLArguments

  func validate() throws { _ = try more.words() }

  func run() async throws {
    let setup = try work.setup(agent)
    let logger = agent.logger()
    setup.warnOfSettings(logger)
    let options = BuildOptions(
      taskID: id, target: expandingTilde(target ?? "task_id_\(id)"), pythonVersion: pythonVersion)
    let code = try await AgentBuild.runInForeground(setup: setup, options: options, logger: logger)
    if code != 0 { throw ExitCode(code) }
  }
}
