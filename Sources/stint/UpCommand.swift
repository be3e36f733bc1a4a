import ArgumentParser
import ServiceLifecycle
import StintAgent
import StintServer

struct UpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Server and agent together: a cluster on this machine, with nothing else needed.")

  @OptionGroup var server: ServerFlags
  @OptionGroup var logging: LoggingFlags
  @Option(parsing: .upToNextOption, help: "The queues that the agent serves, most urgent first.")
  var queue = ["default"]

  func run() async throws {
    let logger = logging.logger("up")
    let (isReady, bell) = AsyncStream<String>.makeStream()
    let server = Server(options: try server.options(), version: stintVersion, logger: logger) { ready in
      try await ServerGreeting.print(ready)
      bell.yield(ready.clientConfiguration)
      bell.finish()
    }
    let agent = LateAgent(configurationFile: isReady) { configurationFile in
      // The agent is this server's, whatever another server's configuration the environment names.
      let environment = processEnvironment().filter {
        !$0.key.hasPrefix("CLEARML_API") && $0.key != "CLEARML_AUTH_TOKEN"
      }
      let setup = try Connection.agentSetup(configurationFile: configurationFile, environment: environment)
      let options = DaemonOptions(queues: queue, createsQueues: true, isEmbedded: true)
      return AgentDaemon(setup: setup, options: options, logger: logger)
    }
    // Services stop in reverse order: the agent reports to the server until its end.
    try await run([server, agent], logger: logger)
  }
}

/// An agent that starts once the server beside it serves.
private struct LateAgent: Service {
  let configurationFile: AsyncStream<String>
  let make: @Sendable (String) throws -> AgentDaemon

  func run() async throws {
    for await file in configurationFile.cancelOnGracefulShutdown() {
      try await make(file).run()
    }
  }
}
