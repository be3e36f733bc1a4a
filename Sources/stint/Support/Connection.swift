import Logging
import StintAgent
import StintClient
import StintConfig

/// From a configuration to a server.
enum Connection {
  /// The agent's settings, from the file and the environment.
  static func agentSetup(configurationFile: String?, ignoringEnvironment: Bool = false) throws -> AgentSetup {
    fatalError()
  }

  /// Calls `body` with a client, and gives up after a few seconds where the server is away: a person waits.
  static func withClient<Result>(_ flags: ClientFlags, _ body: (Client) async throws -> Result) async throws -> Result {
    fatalError()
  }
}
