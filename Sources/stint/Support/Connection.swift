import ArgumentParser
import Logging
import StintAgent
import StintClient
import StintConfig
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// From a configuration to a server.
enum Connection {
  /// What an agent works with, from the configuration file and the environment.
  static func agentSetup(
    configurationFile: String?, environment: [String: String] = processEnvironment(), cpuOnly: Bool = false
  ) throws -> AgentSetup {
    let settings = try AgentSettings.load(
      configFile: configurationFile.map(expandingTilde), environment: environment)
    return try AgentSetup(settings: settings, environment: environment, shim: try ownExecutable(), cpuOnly: cpuOnly)
  }

  /// Calls `body` with a client of the server that the configuration names.
  static func withClient<Result>(
    _ flags: ClientFlags, _ body: (ImpatientClient) async throws -> Result
  ) async throws -> Result {
    let client = try agentSetup(configurationFile: flags.configFile).client(logger: LoggingFlags.quiet)
    do {
      let result = try await body(ImpatientClient(client: client))
      await client.shutdown()
      return result
    } catch {
      await client.shutdown()
      throw error
    }
  }

  /// The path of this binary, whose other verbs are started as processes.
  static func ownExecutable() throws -> String {
    #if os(Linux)
    return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    #else
    return Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
  }
}

/// A client for a person who waits: it gives up after a few seconds where the server is away.
struct ImpatientClient {
  let client: Client

  func call<E: Endpoint>(_ endpoint: E.Type, _ request: E.Request) async throws -> E.Response {
    try await client.call(endpoint, request, patience: .seconds(5))
  }

  /// Refuses a queue that does not exist: enqueueing by name would make it, and nobody serves a misspelt queue.
  func requireQueue(_ name: String) async throws {
    let answer = try await call(Queues.GetAll.self, ["only_fields": ["name"], "search_hidden": true])
    guard answer["queues"]?.array?.contains(where: { $0["name"]?.string == name }) == true else {
      throw CommandError("there is no queue \(name): see stint queue list, or make it with stint queue create \(name)")
    }
  }
}
