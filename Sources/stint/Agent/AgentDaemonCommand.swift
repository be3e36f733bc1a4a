import ArgumentParser
import StintAgent
import StintConfig

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
    let setup = try Connection.agentSetup(configurationFile: agent.configFile, cpuOnly: cpuOnly)
    if stop { return try await stopDaemons(setup) }
    if detached { return try await DetachedDaemon.start(setup) }
    let logger = agent.logging.logger("agent")
    let daemon = AgentDaemon(
      setup: setup, options: DaemonOptions(queues: queue, createsQueues: createQueue), logger: logger)
    try await run([daemon], logger: logger)
  }

  private func stopDaemons(_ setup: AgentSetup) async throws {
    let isNamed = CommandLine.arguments.contains { $0.hasPrefix("--queue") }
    let stopped = try await LocalAgents.stop(
      in: setup.caches, worker: setup.settings.worker.id, queues: isNamed ? queue : [])
    for record in stopped { print("stopped \(record.worker) (process \(record.pid))") }
    guard !stopped.isEmpty else {
      throw ValidationError("no daemon of this machine matches; stint agent list shows the workers of the server")
    }
  }
}
