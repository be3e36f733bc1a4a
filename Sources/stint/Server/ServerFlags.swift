import ArgumentParser
import StintServer

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
