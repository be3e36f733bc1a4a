#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A configuration file that does not exist yet.
package struct NewConfiguration: Sendable {
  package var api: String
  package var web: String
  package var files: String
  package var accessKey: String
  package var secretKey: Secret
  package var gitUser: String?
  package var gitPassword: Secret?
  package var extraIndexURLs: [String]

  package init(
    api: String, web: String, files: String, accessKey: String, secretKey: Secret, gitUser: String? = nil,
    gitPassword: Secret? = nil, extraIndexURLs: [String] = []
  ) {
    (self.api, self.web, self.files) = (api, web, files)
    (self.accessKey, self.secretKey) = (accessKey, secretKey)
    (self.gitUser, self.gitPassword, self.extraIndexURLs) = (gitUser, gitPassword, extraIndexURLs)
  }

  /// The file's text, for this agent and for the clearml package alike.
  package var text: String {
    let connection: ConfigValue = [
      "api": [
        "api_server": .string(api), "web_server": .string(web), "files_server": .string(files),
        "credentials": ["access_key": .string(accessKey), "secret_key": .string(secretKey.reveal())],
      ]
    ]
    let agent: ConfigValue = [
      "agent": [
        "git_user": .string(gitUser ?? ""), "git_pass": .string(gitPassword?.reveal() ?? ""),
        "package_manager": ["extra_index_url": .array(extraIndexURLs.map(ConfigValue.string))],
      ]
    ]
    return """
      # The server, and the key to log in with. It is as good as a password: this file is for its owner only.
      \(connection.rendered())
      # How this machine's agent works. Without git_user, repositories are fetched with the ssh keys of this account.
      # `stint agent config --options` lists all there is to set.
      \(agent.rendered())
      """
  }

  /// Whether there is something at `file` already, a dangling link included.
  package static func isInTheWay(_ file: String) -> Bool {
    var info = stat()
    return lstat(file, &info) == 0
  }

  /// Writes the file, for its owner only.
  /// - Throws: `SettingsError.exists` where there is something already, which stays as it is.
  package func write(to file: String) throws(SettingsError) {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST ? .exists(file) : .unwritable(file: file, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Self.writeBytes(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let reason = String(cString: strerror(errno))
        unlink(file)
        throw .unwritable(file: file, reason: reason)
      }
      bytes = bytes.dropFirst(count)
    }
  }

  private static func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
    #else
    Darwin.write(descriptor, bytes, count)
    #endif
  }
}
