import ArgumentParser
import StintConfig

struct AgentConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "The configuration as the agent reads it, secrets masked.",
    discussion: "What it prints is a valid configuration; remarks on it are comments at its end.")

  @OptionGroup var agent: AgentFlags
  @Flag(help: "Print all options of the agent section instead, each with what it does.") var options = false

  func run() async throws {
    if options { return printOptions() }
    let settings = try AgentSettings.load(
      configFile: agent.configFile.map(expandingTilde), environment: processEnvironment())
    print("# \(settings.file)\(settings.isFilePresent ? "" : " (does not exist)")")
    if settings.raw == [:] {
      print("# Nothing is set, so the defaults hold.")
    } else {
      print(settings.raw.masked.rendered(), terminator: "")
    }
    for remark in AgentOption.remarks(on: settings.raw) { print("# Note: \(remark)") }
  }

  private func printOptions() {
    var table = Table("OPTION", "WHAT IT DOES")
    table.rows = AgentOption.all.map { option in
      switch option.effect {
      case .honoured(let sentence): [option.path, sentence]
      case .ignored(let reason): [option.path, "Ignored: \(reason)"]
      }
    }
    table.print()
  }
}
