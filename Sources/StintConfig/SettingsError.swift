/// Why the settings cannot be used, with what to do about it.
package enum SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file named on the command line does not exist.
  case noSuchFile(String)
  /// The file exists and cannot be read.
  case unreadable(file: String, reason: String)
  /// There is a file already, where a new one was to be written.
  case exists(String)
  /// The file cannot be written.
  case unwritable(file: String, reason: String)
  /// The file is not HOCON.
  case malformed(HOCONError)
  /// The value of an environment variable is not HOCON, or its name is no path.
  case badVariable(name: String, reason: String)
  /// A setting has a value of the wrong type.
  case wrongType(path: String, expected: String, found: String)
  /// A file of certificate authorities that something names cannot be read.
  case noAuthorities(file: String, origin: String)
  /// No server address is set.
  case noServer(lookedIn: [String])
  /// No access key and secret key, and no token.
  case noCredentials(missing: String, lookedIn: [String])

  package var description: String {
    switch self {
    case .noSuchFile(let file):
      "There is no configuration file \(file). Check --config-file, or leave it out to use ~/clearml.conf."
    case .unreadable(let file, let reason):
      "The configuration file \(file) cannot be read: \(reason). Make it readable for this user."
    case .exists(let file):
      "There is a configuration file \(file) already, and it is never overwritten. Edit it, remove it first, "
        + "or name another with --config-file."
    case .unwritable(let file, let reason):
      "The configuration file \(file) cannot be written: \(reason). Make its folder writable, "
        + "or name another with --config-file."
    case .malformed(let error):
      "The configuration is not valid: \(error)"
    case .badVariable(let name, let reason):
      "The environment variable \(name) cannot be used: \(reason)"
    case .wrongType(let path, let expected, let found):
      "The setting \(path) has to be \(expected), and is \(found). Correct it in the configuration file or the environment."
    case .noAuthorities(let file, let origin):
      "The certificate authorities \(file), which \(origin) names, cannot be read. Correct the path, "
        + "or make the file readable for this user."
    case .noServer(let places):
      "No server address is set: looked for api.api_server in \(places.joined(separator: ", ")). "
        + "`stint agent init` asks for it and writes the file; or set CLEARML_API_HOST."
    case .noCredentials(let missing, let places):
      "No \(missing) is set: looked for api.credentials in \(places.joined(separator: ", ")). "
        + "Create a key on the server's settings page and put it there, "
        + "or set CLEARML_API_ACCESS_KEY and CLEARML_API_SECRET_KEY."
    }
  }
}
