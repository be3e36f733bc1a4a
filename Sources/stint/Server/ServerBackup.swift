import ArgumentParser
import StintServer

struct ServerBackup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Write all that a server keeps to one file; the server may go on working.",
    discussion: "The file is a tar archive, and holds the server's secrets: keep it as you keep those.")

  @Argument(help: "The file to make.") var file: String
  @OptionGroup var folder: DataFolderFlags

  func run() async throws {
    for line in try ServerData.backUp(folder.path, to: expandingTilde(file), version: stintVersion) { print(line) }
  }
}
