import Testing

@testable import StintConfig

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Setting up")
struct SetupTests {
  @Test(
    "what was copied from a page is understood in every form",
    arguments: [
      """
      api {
        web_server: http://box:8080
        api_server: http://box:8008
        files_server: http://box:8081
        credentials { "access_key" = "KEY", "secret_key" = "S}{=" }
      }
      """,
      """
      {"api": {"web_server": "http://box:8080", "api_server": "http://box:8008", "files_server": "http://box:8081",
       "credentials": {"access_key": "KEY", "secret_key": "S}{="}}}
      """,
      """
      api_server: "http://box:8008", web_server: "http://box:8080", files_server: "http://box:8081"
      credentials { access_key: KEY, secret_key: "S}{=" }
      """,
      """
      %env CLEARML_WEB_HOST=http://box:8080
      export CLEARML_API_HOST="http://box:8008"
      CLEARML_FILES_HOST=http://box:8081
      set CLEARML_API_ACCESS_KEY=KEY
      CLEARML_API_SECRET_KEY='S}{='
      """,
    ])
  func pasted(_ text: String) {
    let setup = PastedSetup(text)
    #expect(setup.api == "http://box:8008" && setup.web == "http://box:8080" && setup.files == "http://box:8081")
    #expect(setup.accessKey == "KEY" && setup.secretKey == Secret("S}{="))
  }

  @Test("credentials alone, or nothing, leave the rest to be asked for")
  func parts() {
    let bare = PastedSetup(#"{"access_key": "KEY", "secret_key": "SECRET"}"#)
    #expect(bare.accessKey == "KEY" && bare.secretKey == Secret("SECRET") && bare.api == nil)
    for text in ["", "what?", "api { credentials", "[1]"] { #expect(PastedSetup(text) == PastedSetup()) }
  }

  @Test("a text is complete when all that was opened is closed")
  func completeness() {
    #expect(!PastedSetup.isComplete("api {\n credentials {\n }"))
    #expect(PastedSetup.isComplete("api {\n credentials {\n }\n}"))
    #expect(PastedSetup.isComplete(#"{"access_key": "}{"}"#))
    #expect(!PastedSetup.isComplete("CLEARML_API_HOST=http://box:8008"))
  }

  @Test(
    "the parts of a server are told from the address of one",
    arguments: [
      ("localhost:8080", ["http://localhost:8008"], "http://localhost:8080", "http://localhost:8081"),
      ("http://box:8008/", ["http://box:8008"], "http://box:8080", "http://box:8081"),
      (
        "https://app.example.com/settings", ["https://api.example.com"], "https://app.example.com",
        "https://files.example.com"
      ),
      ("api.example.com", ["https://api.example.com"], "https://app.example.com", "https://files.example.com"),
      (
        "demoapp.example.com", ["https://demoapi.example.com"], "https://demoapp.example.com",
        "https://demofiles.example.com"
      ),
      ("10.0.0.7:9000", ["http://10.0.0.7:9000"], "http://10.0.0.7:9000", "http://10.0.0.7:9000"),
      ("[::1]:8080", ["http://[::1]:8008"], "http://[::1]:8080", "http://[::1]:8081"),
      ("box", ["http://box:8008", "http://box", "http://api.box"], "http://box:8080", "http://box:8081"),
    ])
  func guess(address: String, api: [String], web: String, files: String) throws {
    let guess = try #require(ServerGuess(address))
    #expect(guess.api == api && guess.web == web && guess.files == files)
  }

  @Test(
    "what is no address is refused",
    arguments: ["", " ", "ftp://box", "http://", "box:port", "box:0", "a b", "u:p@box", "[::1"])
  func noAddress(_ text: String) {
    #expect(ServerGuess(text) == nil)
  }

  @Test("the new file is read back as it was meant, and is for its owner only")
  func roundTrip() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "stint-\(UUID().uuidString)").path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = "\(folder)/clearml.conf"
    let configuration = NewConfiguration(
      api: "http://box:8008", web: "http://box:8080", files: "http://box:8081", accessKey: "KEY",
      secretKey: Secret("a\"${b}\\#"), gitUser: "me", gitPassword: Secret("to:ken"),
      extraIndexURLs: ["https://me:word@packages.example.com/simple"])

    try configuration.write(to: file)

    let settings = try AgentSettings.load(configFile: file, environment: [:])
    #expect(settings.api.server == "http://box:8008" && settings.api.files == "http://box:8081")
    #expect(settings.api.accessKey == "KEY" && settings.api.secretKey == Secret("a\"${b}\\#"))
    #expect(settings.git.user == "me" && settings.git.password == Secret("to:ken"))
    #expect(settings.packages.extraIndexURLs == configuration.extraIndexURLs)
    #expect(AgentOption.remarks(on: settings.raw) == [])
    #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)

    let before = try String(contentsOfFile: file, encoding: .utf8)
    #expect(throws: SettingsError.exists(file)) { try configuration.write(to: file) }
    #expect(try String(contentsOfFile: file, encoding: .utf8) == before)
  }
}
