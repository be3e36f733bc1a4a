import ArgumentParser
import StintServer

struct ServerRestore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Put a backup into an empty folder, for a server to go on with.")

  @Argument(help: "The file that `stint server backup` made.") var file: String
  @OptionGroup var folder: DataFolderFlags

  func run() async throws {
    for line in try ServerData.restore(expandingTilde(file), to: folder.path) { print(line) }
  }
}
