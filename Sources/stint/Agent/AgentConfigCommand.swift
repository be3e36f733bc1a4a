import ArgumentParser
import StintConfig

struct AgentConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "The configuration as the agent reads it, secrets masked.")

  @OptionGroup var agent: AgentFlags

  func run() async throws {
    let settings = try AgentSettings.load(
      configFile: agent.configFile.map(expandingTilde), environment: processEnvironment())
    print("# \(settings.file)\(settings.isFilePresent ? "" : " (does not exist)")")
    print(settings.raw.masked.rendered())
  }
}
