import ArgumentParser
import StintServer
import StintWire

struct ServerDoctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check what a server keeps: exit code 1 where something is wrong.")

  @OptionGroup var folder: DataFolderFlags
  @Flag(help: "Read every uploaded file, too, and compare it with its hash.") var readContents = false
  @Flag(help: "Answer in JSON.") var json = false

  func run() async throws {
    let report = try ServerData.check(folder.path, readsContents: readContents)
    if json {
      print(report.json.prettyText)
    } else {
      for line in report.lines { print(line) }
    }
    flushOutput()
    if !report.isHealthy { throw ExitCode(1) }
  }
}
