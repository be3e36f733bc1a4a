import ArgumentParser
import Logging
import ServiceLifecycle
import StintRuntime
import StintServer

struct ServerServe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the API, the page and the files. The word may be left out.")

  @OptionGroup var server: ServerFlags
  @OptionGroup var logging: LoggingFlags

  func run() async throws {
    OpenFileLimit.raise()
    let logger = logging.logger("server")
    let server = Server(options: try server.options(), version: stintVersion, logger: logger) { ready in
      try await ServerGreeting.print(ready)
      // Most of what starting took of the program is not needed to serve.
      ResidentMemory.trim()
    }
    try await run([server], logger: logger)
  }
}
