import StintConfig
import StintWire
import Testing

@testable import StintAgent

@Suite struct VaultOverlayTests {
  private func vault(_ data: String, _ scope: VaultScope = .user) -> Vault {
    Vault(id: "v", description: "d", scope: scope, enabled: true, type: "config", data: data, lastUpdate: nil)
  }

  private func setup(_ more: ConfigValue, environment: [String: String] = [:]) throws -> AgentSetup {
    let server: ConfigValue = [
      "api": ["api_server": "http://s.test", "credentials": ["access_key": "A", "secret_key": "the-secret-key"]]
    ]
    let settings = try AgentSettings(raw: server.merging(more), file: "clearml.conf", environment: environment)
    return try AgentSetup(settings: settings, environment: environment, shim: "stint")
  }

  @Test("vaults lie over the file, later ones over earlier ones, and the environment over all")
  func order() throws {
    let setup = try setup(
      ["agent": ["git_user": "file"], "sdk": ["a": 1, "b": 1, "c": 1]],
      environment: ["CLEARML_AGENT_GIT_USER": "environment"])
    let overlay = try VaultOverlay([vault("sdk { b: 2, c: 2 }", .company), vault("sdk.c: 3, agent.git_user: vault")])

    let settings = try overlay.applied(to: setup).settings

    #expect(settings.raw["sdk"] == ["a": 1, "b": 2, "c": 3])
    #expect(settings.git.user == "environment")
  }

  @Test("what the command line said stays over a vault")
  func commandLine() throws {
    var setup = try setup(["agent": ["git_user": "file"]])
    setup.use(AgentSetup.GitLogin(user: "flag", password: Secret("flag-pass")))

    let settings = try VaultOverlay([vault("sdk.a: 1, agent.git_user: vault")]).applied(to: setup).settings

    #expect(settings.git.user == "flag")
    #expect(settings.git.password?.reveal() == "flag-pass")
  }

  @Test("no vault moves an agent to another server, and a user's own sets nothing else of the agent")
  func limits() throws {
    let text = "api.api_server: x, agent { worker_name: x, git_user: me, extra_docker_arguments: [x] }, other: 1"

    let own = try VaultOverlay([vault(text)]).settings
    let everybodys = try VaultOverlay([vault(text, .company)]).settings

    #expect(own == ["agent": ["git_user": "me"]])
    #expect(everybodys["agent.worker_name"]?.asString == "x")
    #expect(everybodys["api"] == nil)
  }

  @Test("all variables of a vault are secret, and settings whose names tell it")
  func secrets() throws {
    let overlay = try VaultOverlay([
      vault(
        "environment { PLAIN: plain, N: 1 }, sdk { aws.s3 { secret: s3-secret, region: here } }, agent.git_pass: gp")
    ])
    #expect(Set(overlay.secrets) == ["plain", "s3-secret", "gp"])
  }
}
