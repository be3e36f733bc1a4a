import ArgumentParser
import StintAgent
import StintModel
import StintWire

struct AgentStorageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "storage", abstract: "Show what the agents keep on this machine, and clean up.",
    subcommands: [AgentStorageList.self, AgentStorageClean.self], defaultSubcommand: AgentStorageList.self)
}

struct AgentStorageList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The room that each kind takes.")

  @OptionGroup var client: ClientFlags

  func run() async throws {
    let setup = try Connection.agentSetup(configurationFile: client.configFile)
    let usage = AgentStorage(setup: setup).usage()
    client.show([
      "home": .string(setup.home.path), "caches": .string(setup.caches.root), "usage": try JSON(encoding: usage),
    ]) {
      var table = Table("KIND", "SIZE", "COUNT", "IN USE")
      table.rows = usage.map { [$0.kind.rawValue, $0.bytes.asSize, "\($0.count)", $0.bytesInUse?.asSize ?? ""] }
      table.print()
      print("\(usage.reduce(0) { $0 + $1.bytes }.asSize) in \(setup.home.path) and \(setup.caches.root)")
    }
  }
}

struct AgentStorageClean: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Remove what no running task uses.", discussion: CleanupFlags.explanation)

  @OptionGroup var client: ClientFlags
  @OptionGroup var cleanup: CleanupFlags
  @Flag(help: "Only tell what would be removed.") var dryRun = false

  func run() async throws {
    let setup = try Connection.agentSetup(configurationFile: client.configFile)
    let removed = AgentStorage(setup: setup).clean(cleanup.value, isTrial: dryRun)
    client.show(["removed": try JSON(encoding: removed), "dry_run": .bool(dryRun)]) {
      var table = Table("KIND", dryRun ? "WOULD FREE" : "FREED", "COUNT")
      table.rows = removed.map { [$0.kind.rawValue, $0.bytes.asSize, "\($0.count)"] }
      table.print()
    }
  }
}

/// What is to be cleaned up.
struct CleanupFlags: ParsableArguments {
  static let explanation = """
    Without --kind: \(StorageKind.usual.map(\.rawValue).joined(separator: ", ")), which is all fetched or made again \
    when a task wants it. Without --older-than and --keep-size: all of it.
    """

  @Option(parsing: .upToNextOption, help: "What to clean up: \(Self.kinds).") var kind: [StorageKind] = []
  @Option(help: "Only what nobody has used for so long, as 12h, 30d or 8w.") var olderThan: TimeSpan?
  @Option(help: "Of each kind, let so much stay, as 500MB or 20GB: what was used last.") var keepSize: ByteCount?

  private static let kinds = StorageKind.allCases.filter(\.isCleanable).map(\.rawValue).joined(separator: ", ")

  func validate() throws {
    guard let kind = kind.first(where: { !$0.isCleanable }) else { return }
    throw ValidationError(
      "\(kind.rawValue) cannot be cleaned up here: use `uv cache prune` or `uv python uninstall`, with the folders that "
        + "stint agent storage names.")
  }

  var value: StorageCleanup {
    StorageCleanup(kinds: kind.isEmpty ? nil : kind, unusedDays: olderThan?.days, keepBytes: keepSize?.bytes)
  }
}

extension StorageKind: ExpressibleByArgument {}
