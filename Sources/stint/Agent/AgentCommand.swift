import ArgumentParser
import Logging
import StintAgent
import StintConfig

struct AgentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent", abstract: "Pull tasks from queues and run them; takes clearml-agent's verbs and flags.",
    subcommands: [
      AgentDaemonCommand.self, AgentExecuteCommand.self, AgentListCommand.self, AgentConfigCommand.self,
      AgentBuildCommand.self, AgentInitCommand.self, AgentInstallBootstrapCommand.self, AgentUpgradeCommand.self,
      AgentStorageCommand.self,
    ])
}

/// The flags of every agent verb.
struct AgentFlags: ParsableArguments {
  @Option(help: "The configuration file; by default CLEARML_CONFIG_FILE, then ~/clearml.conf.") var configFile: String?
  @OptionGroup var logging: LoggingFlags
  @Flag(help: "Log everything, as --log-level debug.") var debug = false

  func logger() -> Logger {
    var logger = logging.logger("agent")
    if debug { logger.logLevel = min(logger.logLevel, .debug) }
    return logger
  }
}

/// The flags of the verbs that run tasks.
struct WorkFlags: ParsableArguments {
  @Flag(help: "Use no GPU.") var cpuOnly = false
  @Option(help: "The GPUs to use; so far only `none` is supported.") var gpus: String?
  @Option(help: "The user for repositories, instead of the configuration's.") var gitUser: String?
  @Option(help: "The password or token for repositories, instead of the configuration's.") var gitPass: String?
  @Flag(name: .customLong("standalone-mode"), help: "Fetch nothing: code, packages and Python must be on this machine.")
  var isStandalone = false
  @Flag(name: .customShort("O"), help: "Start Python with -O; twice for -OO.") var optimization: Int

  func validate() throws {
    if let gpus, gpus != "none" {
      throw ValidationError(
        "--gpus \(gpus) is not supported: tasks see all GPUs of the machine, or none with --gpus none. "
          + "Set CUDA_VISIBLE_DEVICES for the agent instead.")
    }
  }

  /// The setup that the configuration gives, with what the flags say instead.
  func setup(_ agent: AgentFlags) throws -> AgentSetup {
    var setup = try Connection.agentSetup(configurationFile: agent.configFile, cpuOnly: cpuOnly || gpus == "none")
    setup.work.isStandalone = isStandalone
    setup.work.logLevel = agent.logger().logLevel.nameInPython
    setup.work.optimization = optimization
    setup.use(AgentSetup.GitLogin(user: gitUser, password: gitPass.map { Secret($0) }))
    return setup
  }
}

extension Logger.Level {
  /// The level as Python's `logging` calls it.
  fileprivate var nameInPython: String {
    switch self {
    case .trace, .debug: "DEBUG"
    case .info, .notice: "INFO"
    case .warning: "WARNING"
    case .error: "ERROR"
    case .critical: "CRITICAL"
    }
  }
}

extension AgentSetup {
  /// Tells of each setting that does not do what its owner may think.
  func warnOfSettings(_ logger: Logger) {
    for remark in AgentOption.remarks(on: settings.raw) { logger.warning("\(remark)") }
  }
}
