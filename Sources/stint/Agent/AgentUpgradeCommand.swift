import ArgumentParser
import StintAgent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

struct AgentUpgradeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upgrade", abstract: "Put this binary in the place of the daemons' own and restart them.",
    discussion: "Running tasks go on meanwhile: the daemons that follow adopt them.")

  @OptionGroup var agent: AgentFlags

  func run() async throws {
    let setup = try Connection.agentSetup(configurationFile: agent.configFile)
    let daemons = LocalAgents.running(in: setup.caches).filter { $0.isEmbedded != true }
    guard !daemons.isEmpty else { throw CommandError("no daemon runs on this machine with these caches") }
    for file in Set(daemons.compactMap(\.executable)) { try install(setup.shim, as: file) }
    for daemon in try await LocalAgents.restart(daemons, in: setup.caches) {
      print("\(daemon.worker) runs version \(daemon.version ?? "?") (process \(daemon.pid))")
    }
  }

  /// Replaces a program while it runs: those who run it keep what they have.
  private func install(_ new: String, as file: String) throws {
    let manager = FileManager.default
    guard file != new, manager.contents(atPath: file) != manager.contents(atPath: new) else { return }
    let draft = "\(file).new"
    try? manager.removeItem(atPath: draft)
    do {
      try manager.copyItem(atPath: new, toPath: draft)
    } catch {
      throw CommandError("cannot write \(draft): run this as the user who owns the folder")
    }
    guard rename(draft, file) == 0 else {
      throw CommandError("cannot replace \(file): \(String(cString: strerror(errno)))")
    }
  }
}
