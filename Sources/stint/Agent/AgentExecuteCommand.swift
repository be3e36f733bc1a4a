import ArgumentParser
import StintAgent

struct AgentExecuteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "execute", abstract: "Run one task here and now.")

  @OptionGroup var agent: AgentFlags
  @OptionGroup var work: WorkFlags
  @Option(help: "The task's identifier.") var id: String
  @Flag(help: "Run a copy of the task.") var clone = false
  @Flag(help: "Refuse a task that is in no queue.") var requireQueue = false
  @Option(help: "A file to write the task's output to, too.") var logFile: String?
  @Flag(help: "Send neither the task's output nor the machine's load to the server.") var disableMonitoring = false
  @Flag(help: "Send both, which is what happens anyway.") var fullMonitoring = false
  @Flag(help: "Only print the plan: what would be done, step by step.") var dryRun = false
  @OptionGroup var more: ClearMLArguments

  func validate() throws {
    if disableMonitoring, fullMonitoring {
      throw ValidationError("--disable-monitoring and --full-monitoring exclude each other")
    }
    _ = try more.words()
  }

  func run() async throws {
    var setup = try work.setup(agent)
    setup.work.isMonitored = !disableMonitoring
    let logger = agent.logger()
    setup.warnOfSettings(logger)
    let options = ExecuteOptions(
      taskID: id, isDryRun: dryRun, clones: clone, requiresQueue: requireQueue,
      logFile: logFile.map(expandingTilde))
    let code = try await AgentExecute.runInForeground(setup: setup, options: options, logger: logger)
    if code != 0 { throw ExitCode(code) }
  }
}
