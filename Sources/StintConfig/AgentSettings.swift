/// Everything the agent can be told, typed, with defaults where the configuration is silent.
package struct AgentSettings: Sendable {
  /// The server and how to reach it.
  package var api: APISettings
  /// What this worker is called.
  package var worker: WorkerSettings
  /// How repositories are cloned.
  package var git: GitSettings
  /// Which Python runs a task.
  package var python: PythonSettings
  /// How packages are installed.
  package var packages: PackageSettings
  /// Where things are kept between tasks.
  package var caches: CacheSettings
  /// How containers are run.
  package var docker: DockerSettings
  /// How often the agent asks and reports.
  package var intervals: IntervalSettings
  /// When tasks may start: `17-20 SUN,TUE`. At most one of up- and downtime is set.
  package var uptime: [String]
  /// When no task may start.
  package var downtime: [String]
  /// Whether the configuration is read again before each task.
  package var reloadsConfig: Bool
  /// CUDA version to assume instead of the detected one.
  package var cudaVersion: String?
  /// cuDNN version to assume instead of the detected one.
  package var cudnnVersion: String?
  /// Whether GPUs are left alone.
  package var isCPUOnly: Bool
  /// Whether `\r` progress lines are folded into the last one.
  package var foldsCarriageReturns: Bool
  /// The most disk that a task's output takes until it is with the server, in bytes (`agent.stint.output_spool_mb`).
  package var outputSpoolLimit: Int
  /// How much the agent keeps of what tasks take in, and of logs.
  package var storage: StorageSettings
  /// Whether a task's own environment section is applied to its process.
  package var appliesTaskEnvironment: Bool
  /// Script that builds a task's environment instead of the agent.
  package var customBuildScript: String?
  /// A folder of this machine whose code is run instead of the task's.
  package var codeFolder: String?
  /// What is run instead of the task's entry point: `script.py`, or `folder:script.py`.
  package var entryPoint: String?
  /// Whether a script reports to the server although its author did not write so.
  package var forcesTaskInit: Bool
  /// Folders to put behind all others on PYTHONPATH, with `:` between them.
  package var extraPythonPath: String?
  /// The top-level `environment` section: variables for every task. Empty where `agent.apply_environment` is false.
  package var environment: [String: String]
  /// The top-level `files` section: files to write before a task runs. Nil where `agent.apply_files` is false.
  package var files: ConfigObject?
  /// The `sdk` section, which is for the task, not for the agent.
  package var sdk: ConfigObject
  /// The whole configuration as it was read, environment variables applied.
  package let raw: ConfigValue
  /// The configuration file, whether or not it exists.
  package let file: String
  /// Whether the configuration file exists.
  package let isFilePresent: Bool

  /// Which file is the configuration, whether or not it exists.
  package static func file(configFile: String? = nil, environment: [String: String]) -> String {
    SettingsFile(commandLine: configFile, environment: environment).path
  }

  /// Reads a configuration that is in no file; `origin` names it in messages.
  package static func load(
    text: String, origin: String, environment: [String: String]
  ) throws(SettingsError) -> AgentSettings {
    let config: ConfigValue
    do {
      config = try HOCON.parse(text, file: origin, environment: environment)
    } catch {
      throw .malformed(error)
    }
    let raw = try EnvironmentLayer(environment: environment).applied(to: config)
    return try AgentSettings(raw: raw, file: origin, environment: environment)
  }

  /// Reads the configuration file and the environment. A missing file is fine unless `configFile` names it.
  package static func load(
    configFile: String? = nil, environment: [String: String]
  ) throws(SettingsError) -> AgentSettings {
    let file = SettingsFile(commandLine: configFile, environment: environment)
    let config = try file.read(environment: environment)
    let raw = try EnvironmentLayer(environment: environment).applied(to: config ?? [:])
    return try AgentSettings(raw: raw, file: file.path, isFilePresent: config != nil, environment: environment)
  }

  /// These settings with others laid over those of the file; the environment's stay on top.
  package func layered(
    _ settings: ConfigValue, environment: [String: String]
  ) throws(SettingsError) -> AgentSettings {
    let raw = try EnvironmentLayer(environment: environment).applied(to: raw.merging(settings))
    return try AgentSettings(raw: raw, file: file, isFilePresent: isFilePresent, environment: environment)
  }

  /// Settings from a configuration that is already there.
  package init(
    raw: ConfigValue, file: String, isFilePresent: Bool = true, environment: [String: String]
  ) throws(SettingsError) {
    let read = SettingsReader(root: raw, paths: PathExpansion(environment: environment))
    api = try APISettings(read)
    worker = try WorkerSettings(read)
    git = try GitSettings(read)
    python = try PythonSettings(read)
    packages = try PackageSettings(read)
    caches = try CacheSettings(read)
    docker = try DockerSettings(read)
    intervals = try IntervalSettings(read)
    uptime = try read.strings("agent.uptime") ?? []
    downtime = try read.strings("agent.downtime") ?? []
    reloadsConfig = try read.bool("agent.reload_config") ?? false
    cudaVersion = try read.string("agent.cuda_version")
    cudnnVersion = try read.string("agent.cudnn_version")
    isCPUOnly = try read.bool("agent.cpu_only") ?? false
    foldsCarriageReturns = try read.bool("agent.suppress_carriage_return") ?? true
    outputSpoolLimit = max(1, min(try read.int("agent.stint.output_spool_mb") ?? 1024, 1 << 30)) << 20
    storage = try StorageSettings(read)
    appliesTaskEnvironment = try read.bool("agent.enable_task_env") ?? false
    customBuildScript = try read.path("agent.custom_build_script")
    codeFolder = try read.path("agent.force_code_dir")
    entryPoint = try read.string("agent.force_exec_script")
    forcesTaskInit = try read.bool("agent.force_task_init") ?? false
    extraPythonPath = try read.string("agent.extra_python_path")
    sdk = try read.object("sdk") ?? ConfigObject()
    files = try read.bool("agent.apply_files") ?? true ? try read.object("files") : nil
    self.environment = [:]
    if try read.bool("agent.apply_environment") ?? true {
      for (name, value) in try read.object("environment") ?? ConfigObject() where !name.isEmpty {
        guard let text = value == .null ? "" : value.asString else {
          throw .wrongType(path: "environment.\(name)", expected: "text", found: value.kind)
        }
        self.environment[name] = text
      }
    }
    self.raw = raw
    self.file = file
    self.isFilePresent = isFilePresent
  }

  /// The server's address and the credentials for it, or an error that says where they were looked for.
  package func connection() throws(SettingsError) -> ServerConnection {
    guard let server = api.server else { throw .noServer(lookedIn: places(and: "CLEARML_API_HOST")) }
    if let token = api.authToken { return ServerConnection(server: server, credentials: .token(token)) }
    let places = places(and: "CLEARML_API_ACCESS_KEY, CLEARML_API_SECRET_KEY and CLEARML_AUTH_TOKEN")
    switch (api.accessKey, api.secretKey) {
    case (let access?, let secret?):
      return ServerConnection(server: server, credentials: .key(access: access, secret: secret))
    case (nil, nil): throw .noCredentials(missing: "access key and secret key", lookedIn: places)
    case (nil, _): throw .noCredentials(missing: "access key", lookedIn: places)
    case (_, nil): throw .noCredentials(missing: "secret key", lookedIn: places)
    }
  }

  private func places(and variables: String) -> [String] {
    ["\(file)\(isFilePresent ? "" : " (which does not exist)")", "the environment (\(variables))"]
  }
}

/// A server address with the credentials to log in there.
package struct ServerConnection: Sendable, Equatable {
  /// What to log in with.
  package enum Credentials: Sendable, Equatable {
    case key(access: String, secret: Secret)
    case token(Secret)
  }

  /// The API server's address, without a slash at its end.
  package let server: String
  /// What to log in with.
  package let credentials: Credentials
}
