import ArgumentParser

struct AgentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent", abstract: "Pull tasks from queues and run them; takes clearml-agent's verbs and flags.",
    subcommands: [AgentDaemonCommand.self, AgentExecuteCommand.self, AgentListCommand.self, AgentConfigCommand.self])
}

/// The flags of every agent verb.
struct AgentFlags: ParsableArguments {
  @Option(help: "The configuration file; by default CLEARML_CONFIG_FILE, then ~/clearml.conf.") var configFile: String?
  @OptionGroup var logging: LoggingFlags
}
