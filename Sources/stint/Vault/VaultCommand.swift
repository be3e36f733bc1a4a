import ArgumentParser
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct VaultCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vault",
    abstract: "Settings and variables that the server keeps for you, or for all, and agents apply.",
    subcommands: [VaultList.self, VaultAdd.self, VaultEdit.self, VaultRemove.self], defaultSubcommand: VaultList.self)
}

struct VaultList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The vaults that apply to you; with --json, what is in them.")

  @OptionGroup var client: ClientFlags

  func run() async throws {
    let vaults = try await Connection.withClient(client) { try await $0.call(Users.GetVaults.self, .init()).vaults }
    client.show(try JSON(encoding: vaults)) {
      var table = Table("DESCRIPTION", "FOR", "ENABLED", "ID")
      table.rows = vaults.map {
        [$0.description, $0.scope == .company ? "everybody" : "you", $0.enabled ? "yes" : "no", $0.id]
      }
      table.print()
    }
  }
}

struct VaultAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Keep the settings of a file, written as clearml.conf is.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The file; - for standard input.") var file: String
  @Option(help: "What it is for.") var description = ""
  @Flag(help: "For all users; for administrators only.") var everybody = false

  func run() async throws {
    let data = try readText(file)
    let answer = try await Connection.withClient(client) {
      try await $0.call(
        Users.CreateVault.self, .init(data: data, description: description, scope: everybody ? .company : .user))
    }
    client.show(["id": .string(answer.id)]) { print(answer.id) }
  }
}

struct VaultEdit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Put other settings into a vault, or switch it off and on.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The vault's identifier.") var id: String
  @Option(help: "A file with the new settings; - for standard input.") var file: String?
  @Flag(inversion: .prefixedNo, help: "Whether it is applied.") var enabled: Bool?

  func run() async throws {
    let data = try file.map(readText)
    _ = try await Connection.withClient(client) {
      try await $0.call(Users.EditVault.self, .init(vault: id, data: data, enabled: enabled))
    }
    client.show(["updated": 1]) { print("\(id) is changed") }
  }
}

struct VaultRemove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "remove", abstract: "Forget a vault.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The vault's identifier.") var id: String

  func run() async throws {
    _ = try await Connection.withClient(client) { try await $0.call(Users.DeleteVault.self, .init(vault: id)) }
    client.show(["deleted": 1]) { print("\(id) is removed") }
  }
}

private func readText(_ file: String) throws -> String {
  let path = file == "-" ? "/dev/stdin" : expandingTilde(file)
  guard let data = FileManager.default.contents(atPath: path) else {
    throw CommandError("\(path) cannot be read: name a file with settings, or - for standard input")
  }
  guard let text = String(validating: data, as: UTF8.self) else { throw CommandError("\(path) is not UTF-8 text") }
  return text
}
