import Logging
import StintClient
import StintConfig
import StintModel
import StintWire

extension AgentSetup {
  /// When the machine's owner wants tasks to be taken; nil for always.
  /// - Throws: `AgentError.badHours`.
  package func workingHours() throws(AgentError) -> WorkingHours? {
    func hours(_ name: String, _ entries: [String]) throws(AgentError) -> WorkingHours? {
      guard !entries.isEmpty else { return nil }
      guard let hours = WorkingHours(entries.joined(separator: "; ")) else {
        throw .badHours(setting: name, text: entries.joined(separator: "; "))
      }
      return hours
    }
    let uptime = try hours("agent.uptime", settings.uptime)
    guard let downtime = try hours("agent.downtime", settings.downtime) else { return uptime }
    return (uptime ?? .always).without(downtime)
  }

  /// The hours as the owner wrote them.
  var writtenHours: String { (settings.uptime + settings.downtime.map { "not \($0)" }).joined(separator: "; ") }
}

extension AgentDaemon {
  /// Returns once the owner's hours, or somebody on the server, allow a task to be taken.
  ///
  /// A stock server knows no orders; there somebody gives the worker the runtime property `force`, `on` or `off`.
  func waitForHours(_ context: AgentContext) async throws {
    let hours = try setup.workingHours()
    guard hours != nil || !context.offers(.longPoll) else { return }
    var hasTold = false
    while true {
      let force = try await force(context)
      let isOpen = force ?? hours?.contains(.now) ?? true
      if isOpen { break }
      if !hasTold {
        logger.notice(
          "no task is taken now: \(force == false ? "somebody has switched this worker off" : "it is out of its hours")"
        )
      }
      hasTold = true
      try await Task.sleep(for: setup.settings.intervals.polling)
    }
    if hasTold { logger.notice("tasks are taken again") }
  }

  /// Whether somebody wants it to take tasks, whatever its hours; nil where nobody says so.
  private func force(_ context: AgentContext) async throws -> Bool? {
    let answer = try await context.client.call(Workers.GetRuntimeProperties.self, .init(worker: context.workerID))
    let property = answer.runtimeProperties.first { $0["key"] == "force" }
    switch property?["value"]?.string?.lowercased() {
    case "on", "true", "yes", "1": return true
    // A server with orders keeps tasks back itself.
    case "off", "false", "no", "0": return context.offers(.longPoll) ? nil : false
    default: return nil
    }
  }
}
