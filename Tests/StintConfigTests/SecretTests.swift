import Testing

@testable import StintConfig

@Suite("Secrets")
struct SecretTests {
  @Test("a secret shows itself only when asked")
  func secret() {
    let secret = Secret("hunter2")
    var dumped = ""
    dump([secret], to: &dumped)
    for text in ["\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])", dumped] {
      #expect(!text.contains("hunter2"))
    }
    #expect(secret.reveal() == "hunter2")
    #expect(secret == Secret("hunter2") && secret != Secret("other"))
  }

  @Test(
    "these names hold secrets",
    arguments: [
      "secret_key", "access_key", "git_pass", "password", "token", "CLEARML_API_SECRET_KEY", "AWS_SECRET_ACCESS_KEY",
      "account_key", "GITHUB_TOKEN", "api_key", "key", "secret", "pass", "DB_PASSWORD", "passphrase", "MY_PAT",
      "apikey",
    ])
  func secretNames(name: String) {
    #expect(SecretMask.hides(name: name))
  }

  @Test(
    "these names do not",
    arguments: [
      "api_server", "git_user", "compass", "patch",
      "keyboard",
      "token_expiration_threshold_sec", "path", "extra_keys", "monkey",
    ])
  func plainNames(name: String) {
    #expect(!SecretMask.hides(name: name))
  }

  @Test(
    "credentials in text are hidden, and nothing else is",
    arguments: [
      ("https://user:pw@host/x?a=b", "https://****@host/x?a=b"),
      ("git+https://tok@h/r.git@v1", "git+https://****@h/r.git@v1"),
      ("https://host/a@b", "https://host/a@b"),
      ("a https://u:p@h  ssh://git@h b", "a https://****@h  ssh://****@h b"),
      ("-e MY_TOKEN=abc --env=DB_PASSWORD=x --ipc=host", "-e MY_TOKEN=**** --env=DB_PASSWORD=**** --ipc=host"),
      ("--index-url=https://u:p@h/s", "--index-url=https://****@h/s"),
      ("https://a@b@h://c:d@e", "https://****@h://****@e"),
      ("https://u:p=w@h/x?token=abc&b=1", "https://****@h/x?token=****"),
      ("TOKEN==", "TOKEN=****"),
      ("a=b=c", "a=b=c"),
      ("plain :// text @", "plain :// text @"),
      ("", ""),
    ])
  func text(text: String, masked: String) {
    #expect(SecretMask.masked(text) == masked)
  }

  @Test("text made of nothing but separators is masked without delay", arguments: ["=", "://@", ":", "@", "a=://b@"])
  func separators(piece: String) {
    #expect(!SecretMask.masked(String(repeating: piece, count: 20_000)).isEmpty)
  }

  @Test("a printed configuration holds no secret")
  func configuration() throws {
    let config = try HOCON.parse(
      """
      api { api_server: "http://s", credentials { access_key: "S3C1", secret_key: S3C2 }, auth.token: S3C3 }
      agent {
        git_user: bob, git_pass: 1234567, enable_git_ask_pass: true, worker_id: ""
        git.extra_credentials: [{user: u, pass: S3C4, host: h}]
        package_manager.extra_index_url: ["https://u:S3C5@h/simple"]
        extra_docker_arguments: ["-e", "A_TOKEN=S3C6", "--ipc=host"]
        tokens: [S3C7, {x: 1}]
      }
      sdk.aws.s3 { key: S3C8, secret: S3C9, region: "" }
      environment { INNOCENT: S3C10, N: 42 }
      files.f { path: "/x", contents: { a: S3C11 } }
      """)
    let text = config.masked.rendered()
    #expect(!text.contains("S3C"), "\(text)")
    #expect(!text.contains("1234567") && !text.contains("42"))
    for kept in ["http://s", "bob", "enable_git_ask_pass: true", "--ipc=host", "h/simple", "worker_id: \"\"", "/x"] {
      #expect(text.contains(kept), "\(kept)")
    }
  }
}
