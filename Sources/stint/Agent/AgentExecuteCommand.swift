import ArgumentParser
import StintAgent

struct AgentExecuteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "execute", abstract: "Run one task here and now.")

  @OptionGroup var agent: AgentFlags
  @Option(help: "The task's identifier.") var id: String
  @Flag(help: "Only print the plan: what would be done, step by step.") var dryRun = false

  func run() async throws {
    let setup = try Connection.agentSetup(configurationFile: agent.configFile)
    let code = try await AgentExecute.runInForeground(
      setup: setup, options: ExecuteOptions(taskID: id, isDryRun: dryRun), logger: agent.logging.logger("agent"))
    if code != 0 { throw ExitCode(code) }
  }
}
