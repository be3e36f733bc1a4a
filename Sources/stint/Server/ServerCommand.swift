import ArgumentParser
import Logging
import ServiceLifecycle
import StintServer

struct ServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "server", abstract: "Serve the API, the page and the files.")

  @OptionGroup var server: ServerFlags
  @OptionGroup var logging: LoggingFlags

  func run() async throws {
    let logger = logging.logger("server")
    let server = Server(options: try server.options(), version: stintVersion, logger: logger) { ready in
      ServerGreeting.print(ready)
    }
    try await run([server], logger: logger)
  }
}

/// The flags of `stint server` and `stint up`.
struct ServerFlags: ParsableArguments {
  @Option(help: "Where everything is kept.") var dataDir = "~/.stint"
  @Option(help: "The address to listen on; 0.0.0.0 for all.") var host = "127.0.0.1"
  @Option(help: "Port of the API; 0 for any that is free.") var apiPort = 8008
  @Option(help: "Port of the page; 0 for any that is free.") var webPort = 8080
  @Option(help: "Port of the file server; 0 for any that is free.") var filesPort = 8081
  @Option(help: "Write the addresses to this file, as JSON, once ready.") var portFile: String?

  func validate() throws {
    for (flag, port) in [("api-port", apiPort), ("web-port", webPort), ("files-port", filesPort)]
    where !(0...65_535 ~= port) {
      throw ValidationError("--\(flag) is a TCP port, from 1 to 65535, or 0 for any that is free")
    }
    if dataDir.isEmpty { throw ValidationError("--data-dir is the folder to keep everything in") }
  }

  /// Whether a key can stand in a configuration file and a header as it is.
  private static func isUsable(_ key: String) -> Bool {
    !key.isEmpty && key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._~+/=-".contains($0)) }
  }

  func options() throws -> ServerOptions {
    var options = ServerOptions(dataDirectory: expandingTilde(dataDir))
    options.host = host
    (options.apiPort, options.webPort, options.filesPort) = (apiPort, webPort, filesPort)
    options.portFile = portFile.map(expandingTilde)
    let environment = processEnvironment()
    switch (environment["STINT_ACCESS_KEY"] ?? "", environment["STINT_SECRET_KEY"] ?? "") {
    case ("", ""): break
    case (let key, let secret) where Self.isUsable(key) && Self.isUsable(secret):
      options.accessKey = .init(accessKey: key, secretKey: secret)
    default:
      throw ValidationError(
        "STINT_ACCESS_KEY and STINT_SECRET_KEY preset a key together, in letters, digits and ._~+/=-: set both or neither"
      )
    }
    return options
  }
}

/// What a starting server says.
enum ServerGreeting {
  static func print(_ ready: Server.Ready) {
    if let key = ready.newKey {
      Swift.print(
        """
        An access key was made for the administrator. It is shown only now:
          access key  \(key.accessKey)
          secret key  \(key.secretKey)
        """)
    }
    Swift.print("For the ClearML SDK and agents: export CLEARML_CONFIG_FILE=\(ready.clientConfiguration)")
    Swift.print("The page: \(ready.addresses.web)/#token=\(ready.pageToken)")
    Swift.print(
      "stint server is ready: api \(ready.addresses.api) web \(ready.addresses.web) files \(ready.addresses.files)")
    flushOutput()
  }
}
