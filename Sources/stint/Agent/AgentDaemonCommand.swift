import ArgumentParser
import StintAgent
import StintConfig

struct AgentDaemonCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "daemon", abstract: "Serve queues until told to stop.")

  @OptionGroup var agent: AgentFlags
  @OptionGroup var work: WorkFlags
  @Option(parsing: .upToNextOption, help: "The queues to serve, most urgent first.") var queue = ["default"]
  @Flag(help: "Take tasks from all queues in turn, instead of from the most urgent first.") var orderFairness = false
  @Flag(help: "Make queues that do not exist.") var createQueue = false
  @Option(help: "Seconds between two questions for a task, where the server cannot hold one open.")
  var pollingInterval: Int?
  @Option(parsing: .upToNextOption, help: "Tags to report the worker with while it runs a task.")
  var childReportTags: [String] = []
  @Option(parsing: .upToNextOption, help: "The hours at which tasks are taken, such as \"8-18 MON-FRI\".")
  var uptime: [String] = []
  @Option(parsing: .upToNextOption, help: "The hours at which no task is taken.") var downtime: [String] = []
  @Flag(help: "End when there is nothing to do.") var exitWhenIdle = false
  @Option(help: "End after so many tasks.") var maxTasks: Int?
  @Flag(help: "Stay in this terminal and log to it.") var foreground = false
  @Flag(name: [.long, .customShort("d")], help: "Run in the background and return at once.") var detached = false
  @Flag(help: "Stop the daemons named behind it, those that serve --queue, or all of this machine.") var stop = false
  @Flag(help: "Print the daemons of this machine.") var status = false
  @OptionGroup var more: ClearMLArguments

  func validate() throws {
    if [foreground, detached, stop, status].filter({ $0 }).count > 1 {
      throw ValidationError("--foreground, --detached, --stop and --status exclude each other")
    }
    if let pollingInterval, pollingInterval < 1 {
      throw ValidationError("--polling-interval must be at least one second")
    }
    if let maxTasks, maxTasks < 1 { throw ValidationError("--max-tasks must be at least one") }
    _ = try more.words(areAllowed: stop)
  }

  func run() async throws {
    var setup = try work.setup(agent)
    setup.work.reportTags = childReportTags
    if let pollingInterval { setup.settings.intervals.polling = .seconds(pollingInterval) }
    if !uptime.isEmpty { setup.settings.uptime = uptime }
    if !downtime.isEmpty { setup.settings.downtime = downtime }
    _ = try setup.workingHours()
    if status { return printStatus(setup) }
    if stop { return try await stopDaemons(setup) }
    if detached { return try await DetachedDaemon.start(setup) }
    let logger = agent.logger()
    setup.warnOfSettings(logger)
    var options = DaemonOptions(
      queues: queue, createsQueues: createQueue, isFair: orderFairness, exitsWhenIdle: exitWhenIdle,
      taskLimit: maxTasks)
    options.version = stintVersion
    let daemon = AgentDaemon(setup: setup, options: options, logger: logger)
    if try await DaemonSignals.run(daemon, logger: logger) { try DetachedDaemon.beginAnew(setup) }
  }

  private func printStatus(_ setup: AgentSetup) {
    var table = Table("WORKER", "QUEUES", "PROCESS")
    table.rows = LocalAgents.running(in: setup.caches).map { record in
      let process = "\(record.pid)\(record.isEmbedded == true ? " (a server, too)" : "")"
      return [record.worker, record.queues.joined(separator: ", "), process]
    }
    table.print()
  }

  private func stopDaemons(_ setup: AgentSetup) async throws {
    let named = try more.words(areAllowed: true)
    let hasQueue = CommandLine.arguments.contains { $0.hasPrefix("--queue") }
    let meant = LocalAgents.matching(
      in: setup.caches, workers: named.isEmpty ? [setup.settings.worker.id].compactMap { $0 } : named,
      queues: hasQueue ? queue : [])
    for record in try await LocalAgents.stop(meant, in: setup.caches) {
      print("stopped \(record.worker) (process \(record.pid))")
    }
    for task in LocalAgents.tasksLeft(in: setup.caches, workers: meant.map(\.worker)) {
      print("task \(task) goes on; it ends when no agent of this worker is started before its lease is over")
    }
    let kept = meant.filter { $0.isEmbedded == true }
    for record in kept {
      print("\(record.worker) is part of a server (process \(record.pid)) and ends with it: it goes on")
    }
    guard kept.count < meant.count else {
      throw ValidationError("no daemon to stop matches; stint agent daemon --status shows those of this machine")
    }
  }
}
