/// A project whose own tool installs what it needs.
package struct ProjectInstall: Sendable, Equatable {
  /// The tool.
  package enum Manager: String, Sendable {
    case uv, poetry, pipenv
  }

  package var manager: Manager
  /// The folder of the project's files.
  package var folder: String
  /// What decides about the packages: the texts of the project's files.
  package var files: [String]
  package var hasLock: Bool
  /// Whether the lock file is kept to where there is one.
  package var keepsLock: Bool
  /// Further arguments of the tool.
  package var arguments: [String]
  /// The version of the tool itself, as `<2`.
  package var toolVersion: String?

  package init(
    manager: Manager, folder: String, files: [String], hasLock: Bool, keepsLock: Bool = true, arguments: [String] = [],
    toolVersion: String? = nil
  ) {
    (self.manager, self.folder, self.files, self.hasLock) = (manager, folder, files, hasLock)
    (self.keepsLock, self.arguments, self.toolVersion) = (keepsLock, arguments, toolVersion)
  }

  var identity: [String] { [manager.rawValue, "\(keepsLock)", toolVersion ?? ""] + arguments + ["files"] + files }

  /// Whether packages besides the project itself lie in its folder, so that no other task can use what is made of them.
  package var hasLocalPackages: Bool {
    files.contains { text in
      switch manager {
      // These are installed for each task, together with the project.
      case .uv: false
      case .poetry:
        text.contains("type = \"directory\"") || text.contains("type = \"file\"") || text.contains("path = \"")
      case .pipenv: text.contains("\"path\":") || text.contains("path = \"") || text.contains("\"file\": \".")
      }
    }
  }
}

/// Lets a project's own tool install.
struct ProjectInstaller: Sendable {
  let install: ProjectInstall
  let tools: Tools
  let work: EnvironmentWork

  /// Installs what the project needs, not the project itself: that is another one for each task.
  func installDependencies() async throws {
    switch install.manager {
    case .uv:
      try await run(["sync", "--no-install-project", "--no-install-workspace", "--no-install-local"])
    case .poetry: try await run(["install", "--no-interaction", "--no-root"])
    case .pipenv: try await run(install.hasLock ? ["sync"] : ["install", "--skip-lock"])
    }
  }

  /// Installs the project itself into an environment that has what it needs.
  func installProject() async throws {
    switch install.manager {
    case .uv: try await run(["sync", "--inexact"])
    case .poetry where install.files.contains { $0.contains("[tool.poetry]") || $0.contains("[project]") }:
      try await run(["install", "--no-interaction", "--only-root"])
    case .poetry, .pipenv: break
    }
  }

  private func run(_ arguments: [String]) async throws {
    var arguments = arguments + install.arguments
    let tool: Tool
    switch install.manager {
    case .uv:
      tool = try await tools.require("uv", version: install.toolVersion)
      // What is locked cannot change.
      if install.hasLock, install.keepsLock { arguments.append("--locked") }
    case .poetry: tool = try await tools.require("poetry", version: install.toolVersion)
    case .pipenv: tool = try await tools.require("pipenv", version: install.toolVersion)
    }
    work.log("Running \(install.manager.rawValue) \(arguments.joined(separator: " ")).")
    defer { withExtendedLifetime(tool) {} }
    let variables = [
      "VIRTUAL_ENV": work.folder.venv, "UV_PROJECT_ENVIRONMENT": work.folder.venv,
      "PATH": "\(work.folder.venv)/bin:\(work.variables["PATH"] ?? ProgramSearch.defaultPath)",
      "POETRY_VIRTUALENVS_CREATE": "false", "POETRY_NO_INTERACTION": "1",
      "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
      "PIPENV_VERBOSITY": "-1", "PIPENV_NOSPIN": "1", "PIPENV_YES": "1", "PIPENV_IGNORE_VIRTUALENVS": "0",
    ]
    do {
      try await work.install(install.manager.rawValue, tool.argv + arguments, in: install.folder, variables: variables)
    } catch let error as EnvironmentError {
      guard case .installFailed = error, let position = arguments.firstIndex(of: "--locked") else { throw error }
      work.log("The lock file does not fit the project. Installing without it.")
      arguments.remove(at: position)
      try await work.install(install.manager.rawValue, tool.argv + arguments, in: install.folder, variables: variables)
    }
  }
}
