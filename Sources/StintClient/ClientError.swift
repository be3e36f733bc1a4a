/// Why a call did not get an answer, and what to do.
package enum ClientError: Error, Equatable, CustomStringConvertible {
  /// The address cannot be one.
  case badAddress(String)
  /// Nobody answers, or only to say that it cannot now. The only error that is worth a new try.
  case unavailable(api: String, reason: String)
  /// Something answers that does not speak the protocol.
  case notAServer(api: String)
  case wrongKey(api: String, key: String, origin: String, reason: String)
  case wrongToken(api: String, origin: String, reason: String)
  case unexpectedAnswer(call: String, reason: String)

  package var description: String {
    switch self {
    case .badAddress(let address):
      "`\(address)` is no server address. Set api.api_server or CLEARML_API_HOST, as in http://localhost:8008"
    case .unavailable(let api, let reason):
      "The server \(api) cannot be reached: \(reason). Check that it runs and that api.api_server is its address."
    case .notAServer(let api):
      """
      \(api) answers, but not as a ClearML server. Check api.api_server (or CLEARML_API_HOST): the API's port is \
      8008 by default, the web page's is 8080.
      """
    case .wrongKey(let api, let key, let origin, let reason):
      """
      The server \(api) does not accept the access key \(key.prefix(4))… from \(origin): \(reason). Check \
      api.credentials there, or CLEARML_API_ACCESS_KEY and CLEARML_API_SECRET_KEY; the server's page makes new keys.
      """
    case .wrongToken(let api, let origin, let reason):
      "The server \(api) does not accept the token from \(origin): \(reason). Get a new one, or use an access key."
    case .unexpectedAnswer(let call, let reason):
      "The server's answer to \(call) is not understood: \(reason). Server and agent may be of different versions."
    }
  }
}
