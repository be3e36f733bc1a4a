import ArgumentParser

struct ServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "server", abstract: "Serve the API, the page and the files; back them up, restore and check them.",
    discussion: "Without a subcommand it serves, with the flags that `stint server serve --help` lists.",
    subcommands: [ServerServe.self, ServerBackup.self, ServerRestore.self, ServerDoctor.self],
    defaultSubcommand: ServerServe.self)
}

/// The flag that names a server's data.
struct DataFolderFlags: ParsableArguments {
  @Option(help: "The server's folder.") var dataDir = "~/.stint"

  var path: String { expandingTilde(dataDir) }

  func validate() throws {
    if dataDir.isEmpty { throw ValidationError("--data-dir is the server's folder") }
  }
}
