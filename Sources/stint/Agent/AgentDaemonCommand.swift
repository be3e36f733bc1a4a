import ArgumentParser
import StintAgent

struct AgentDaemonCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "daemon", abstract: "Serve queues until told to stop.")

  @OptionGroup var agent: AgentFlags
  @Option(parsing: .upToNextOption, help: "The queues to serve, most urgent first.") var queue = ["default"]
  @Flag(help: "Make queues that do not exist.") var createQueue = false
  @Flag(help: "Stay in this terminal and log to it.") var foreground = false
  @Flag(help: "Run in the background and return at once.") var detached = false
  @Flag(help: "Stop the running daemon, or the one that serves --queue.") var stop = false
  @Flag(help: "Use no GPU.") var cpuOnly = false

  func validate() throws {
    if [foreground, detached, stop].filter({ $0 }).count > 1 {
      throw ValidationError("--foreground, --detached and --stop exclude each other")
    }
  }

  func run() async throws {
    let setup = try Connection.agentSetup(configurationFile: agent.configFile)
    if stop { return try stopDaemons(setup) }
    if detached { return try DetachedDaemon.start(setup) }
    let logger = agent.logging.logger("agent")
    let daemon = AgentDaemon(
      setup: setup, options: DaemonOptions(queues: queue, createQueue: createQueue, cpuOnly: cpuOnly), logger: logger)
    try await run([daemon], logger: logger)
  }

  private func stopDaemons(_ setup: AgentSetup) throws {
    let named = CommandLine.arguments.contains("--queue") ? queue : []
    let stopped = DetachedAgents.stop(cacheDirectory: setup.cacheDirectory, worker: setup.workerID, queues: named)
    for record in stopped { print("stopped \(record.worker) (process \(record.pid))") }
    guard !stopped.isEmpty else { throw ValidationError("no daemon runs that this stops; see stint agent list") }
  }
}
