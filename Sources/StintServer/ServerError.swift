#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Why a server could not start.
package enum ServerError: Error, CustomStringConvertible {
  case cannotWrite(String, Int32)
  case portTaken(host: String, port: Int, reason: String)
  case badCertificate(chain: String, key: String, reason: String)

  package var description: String {
    switch self {
    case .cannotWrite(let file, let code):
      "cannot write \(file) (\(String(cString: strerror(code)))): check that the folder exists, is yours, and that the disk has room"
    case .portTaken(let host, let port, let reason):
      "cannot listen on \(host):\(port) (\(reason)): another program may use the port; choose another, or 0 for any"
    case .badCertificate(let chain, let key, let reason):
      "cannot use the certificate \(chain) with the key \(key) (\(reason)): both are PEM files that belong together, the "
        + "server's own certificate comes first"
    }
  }
}
