import StintWire
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How a server is started.
package struct ServerOptions: Sendable {
  /// Where everything is kept.
  package var dataDirectory: String
  /// The address to listen on. Loopback unless told otherwise.
  package var host = "127.0.0.1"
  /// TCP ports; 0 takes any that is free.
  package var apiPort = 8008
  package var webPort = 8080
  package var filesPort = 8081
  /// A file to write the addresses to once the server is ready.
  package var portFile: String?
  /// The name or address by which clients reach this machine, where it is not to be found out.
  package var publicName: String?
  /// The certificate for TLS; without one everything is sent as it is.
  package var certificate: CertificateFiles?
  /// The largest request that the API takes, in bytes; files may be larger.
  package var requestLimit = APIListener.bodyLimit
  /// How many requests a second one user may send from one address; 0 for any number.
  package var requestsPerSecond = 5000
  /// How long what ended tasks have left behind is kept.
  package var retention = RetentionSettings()
  /// Whether everybody may read `/metrics`.
  package var metricsAreOpen = false
  /// The administrator's access key, where it is not to be made up.
  package var accessKey: AccessKeys.Pair?
  /// How long a worker may be silent before its task counts as lost, unless its queue says otherwise.
  package var leaseDuration = Duration.seconds(900)
  /// How long a running task may be silent that no lease looks after, before it is stopped.
  package var silentTaskLimit = Duration.seconds(7200)
  /// Whether clients are offered what goes beyond the protocol.
  package var offersExtensions = true

  package init(dataDirectory: String) { self.dataDirectory = dataDirectory }
}

/// Where a running server is reached.
package struct ServerAddresses: Sendable, Hashable {
  package let api: String
  package let web: String
  package let files: String

  package init(api: String, web: String, files: String) { (self.api, self.web, self.files) = (api, web, files) }

  /// `{"api": "http://…", "web": …, "files": …}`
  package var json: JSON { ["api": .string(api), "web": .string(web), "files": .string(files)] }
}

/// Where this server is reached, for those who ask: known once it listens.
final class KnownAddresses: Sendable {
  private let addresses = Mutex<ServerAddresses?>(nil)

  var current: ServerAddresses? {
    get { addresses.withLock { $0 } }
    set { addresses.withLock { $0 = newValue } }
  }
}

extension ServerOptions {
  func port(of listener: Listener) -> Int {
    switch listener {
    case .api: apiPort
    case .web: webPort
    case .files: filesPort
    }
  }

  /// Whether others than this machine can read what is sent.
  var isOpenWithoutTLS: Bool { certificate == nil && host != "::1" && host != "localhost" && !host.hasPrefix("127.") }

  /// The host name that clients are told: this machine's, where the server listens on every address.
  var publicHost: String {
    if let publicName { return publicName }
    if host == "0.0.0.0" || host == "::" { return ProcessInfo.processInfo.hostName }
    return host.contains(":") ? "[\(host)]" : host
  }
}
