import ArgumentParser
import StintWire

struct AgentListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The workers of this server.")

  @OptionGroup var client: ClientFlags

  func run() async throws {
    var list = WorkerList()
    list.client = client
    try await list.run()
  }
}
