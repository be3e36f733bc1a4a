/// What a person copied from a server's page: `clearml.conf` text, JSON, or lines such as `CLEARML_API_HOST=…`.
package struct PastedSetup: Sendable, Equatable {
  /// The API's address.
  package var api: String?
  /// The page's address.
  package var web: String?
  /// The file server's address.
  package var files: String?
  package var accessKey: String?
  package var secretKey: Secret?

  package init() {}

  /// Reads what is there and leaves out the rest: the missing parts are asked for.
  package init(_ text: String) {
    let document = (try? HOCON.parse(text)) ?? [:]
    let section = document["api"] ?? document
    func value(_ paths: String...) -> String? {
      for path in paths {
        if let text = section[path]?.asString?.trimmed, !text.isEmpty { return text }
      }
      return nil
    }
    api = value("api_server", "host")
    web = value("web_server")
    files = value("files_server")
    accessKey = value("credentials.access_key", "access_key")
    secretKey = value("credentials.secret_key", "secret_key").map(Secret.init)
    let variables = Self.variables(in: text)
    api = api ?? variables["CLEARML_API_HOST"]
    web = web ?? variables["CLEARML_WEB_HOST"]
    files = files ?? variables["CLEARML_FILES_HOST"]
    accessKey = accessKey ?? variables["CLEARML_API_ACCESS_KEY"]
    secretKey = secretKey ?? variables["CLEARML_API_SECRET_KEY"].map(Secret.init)
  }

  /// Whether `text` can be the whole of it: all that was opened is closed. Text without braces ends at an empty line.
  package static func isComplete(_ text: String) -> Bool {
    var (depth, wasOpened, quote) = (0, false, false)
    for character in text {
      switch character {
      case "\"": quote.toggle()
      case "{" where !quote: (depth, wasOpened) = (depth + 1, true)
      case "}" where !quote: depth -= 1
      default: break
      }
    }
    return wasOpened && depth <= 0
  }

  /// `export NAME=value`, `%env NAME=value` and the like, one a line.
  private static func variables(in text: String) -> [String: String] {
    var found: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard let equals = line.firstIndex(of: "="),
        let name = line[..<equals].split(whereSeparator: \.isWhitespace).last, name.hasPrefix("CLEARML_")
      else { continue }
      let value = ShellWords.split(String(line[line.index(after: equals)...])).joined(separator: " ")
      if !value.isEmpty { found[String(name)] = value }
    }
    return found
  }
}
