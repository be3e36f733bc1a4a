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
  @Flag(help: "Offer clients nothing beyond ClearML's protocol; agents poll.") var noExtensions = false
  @Option(help: "The name by which clients reach this machine, where it is not the address it listens on.")
  var publicHost: String?
  @Option(help: "Serve TLS with this certificate, a PEM file with the chain.") var tlsCert: String?
  @Option(help: "The key of the certificate, a PEM file.") var tlsKey: String?
  @OptionGroup(title: "Limits") var limits: LimitFlags
  @OptionGroup(title: "Retention") var retention: RetentionFlags

  func validate() throws {
    for (flag, port) in [("api-port", apiPort), ("web-port", webPort), ("files-port", filesPort)]
    where !(0...65_535 ~= port) {
      throw ValidationError("--\(flag) is a TCP port, from 1 to 65535, or 0 for any that is free")
    }
    if dataDir.isEmpty { throw ValidationError("--data-dir is the folder to keep everything in") }
    if (tlsCert == nil) != (tlsKey == nil) {
      throw ValidationError("--tls-cert and --tls-key belong together: give both or neither")
    }
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
    options.offersExtensions = !noExtensions
    options.publicName = publicHost
    if let tlsCert, let tlsKey {
      options.certificate = CertificateFiles(chain: expandingTilde(tlsCert), key: expandingTilde(tlsKey))
    }
    limits.apply(to: &options)
    options.retention = RetentionSettings(eventDays: retention.keepEvents, artifactDays: retention.keepArtifacts)
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

/// What a server refuses.
struct LimitFlags: ParsableArguments {
  @Option(help: "The largest request to the API, in megabytes; uploaded files may be larger.") var maxRequestMb = 64
  @Option(help: "Requests a second from one user at one address; 0 for any number.") var maxRate = 5000
  @Flag(help: "Let everybody read /metrics, without a token.") var openMetrics = false

  func validate() throws {
    if !(1...1024 ~= maxRequestMb) { throw ValidationError("--max-request-mb is from 1 to 1024") }
    if !(0...1_000_000 ~= maxRate) { throw ValidationError("--max-rate is from 1 to 1000000, or 0 for no limit") }
  }

  func apply(to options: inout ServerOptions) {
    options.requestLimit = maxRequestMb << 20
    options.requestsPerSecond = maxRate
    options.metricsAreOpen = openMetrics
  }
}

/// What a server gives up.
struct RetentionFlags: ParsableArguments {
  @Option(help: "Days to keep the log, metrics and plots of a task that ended; by default for ever.")
  var keepEvents: Int?
  @Option(help: "Days to keep the artifacts of a task that ended; by default for ever.") var keepArtifacts: Int?

  func validate() throws {
    for (flag, days) in [("keep-events", keepEvents), ("keep-artifacts", keepArtifacts)] {
      if let days, !(1...36_500 ~= days) { throw ValidationError("--\(flag) is a number of days, from 1 to 36500") }
    }
  }
}
