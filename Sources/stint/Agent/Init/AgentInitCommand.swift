import ArgumentParser
import StintConfig

struct AgentInitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Ask for a server and credentials, check them, and write a configuration file.",
    discussion: """
      Answers can be piped in: the credentials as copied from the server's page, then a line each for what is missing \
      there, the git user (and, with one, the token), and package indexes up to an empty line.
      """)

  @OptionGroup var agent: AgentFlags

  func run() async throws {
    let environment = processEnvironment()
    let file = AgentSettings.file(configFile: agent.configFile.map(expandingTilde), environment: environment)
    if NewConfiguration.isInTheWay(file) { throw SettingsError.exists(file) }
    print("Set-up of \(file)\n")
    let wizard = SetupWizard(prompt: Prompt(), environment: environment, logger: LoggingFlags.quiet)
    try await wizard.configuration().write(to: file)
    print("\nWritten to \(file). Start an agent with: stint agent daemon --queue default --foreground")
  }
}
