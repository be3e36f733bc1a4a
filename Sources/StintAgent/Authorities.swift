import StintClient
import StintConfig
import StintRuntime

/// The certificate authorities of a network of its own, which everything that an agent starts has to accept beside the
/// system's: git, the installers, and tasks.
struct Authorities {
  /// In which variables programs look for a file of authorities.
  private static let variables = [
    "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "GIT_SSL_CAINFO", "PIP_CERT",
  ]

  /// Where systems keep theirs.
  private static let systemFiles = [
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
  ]

  /// How the agent checks its server's certificate.
  let trust: ServerTrust
  /// The environment of all that is started. Where an authority is named anywhere, each variable names all of them:
  /// who trusts one for Python does so for git, too.
  let environment: [String: String]

  /// What is put together is kept below `folder`.
  /// - Throws: `SettingsError` where a file that is named cannot be read.
  init(
    _ check: APISettings.CertificateCheck, environment: [String: String], folder: String
  ) throws(SettingsError) {
    var named: [(file: String, origin: String)] = []
    if case .authority(let file) = check { named.append((file, "api.verify_certificate")) }
    named += Self.variables.compactMap { name in environment[name].map { ($0, name) } }.filter { !$0.file.isEmpty }
    let system = Self.systemFiles.first(where: Files.exists)
    var files = system.map { [$0] } ?? []
    for (file, origin) in named where !files.contains(file) {
      guard Files.exists(file) else { throw .noAuthorities(file: file, origin: origin) }
      files.append(file)
    }
    // The system's own need no telling.
    let all = files.isEmpty || files == [system] ? nil : Self.bundle(files, in: folder)
    self.environment = all.map { all in environment.merging(Self.variables.map { ($0, all) }) { $1 } } ?? environment
    trust =
      switch check {
      case .off: .anyone
      case .authority(let file): .file(file)
      case .system: all.map { .file($0) } ?? .system
      }
  }

  /// One file with what all have; the last of them, which is the user's, where it cannot be made.
  private static func bundle(_ files: [String], in folder: String) -> String? {
    let content = files.compactMap(Files.readText).joined(separator: "\n")
    let path = "\(folder)/\(Digest.hex(of: content)).pem"
    if Files.exists(path) { return path }
    do {
      try Files.makeDirectory(folder)
      try Files.write(content, to: path)
      return path
    } catch {
      return files.last
    }
  }
}
