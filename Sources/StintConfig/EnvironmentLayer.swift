/// The settings that environment variables make, to be laid over those of the file.
struct EnvironmentLayer {
  /// What the text of a variable becomes.
  enum Kind {
    case text, arguments, moreArguments
  }

  /// A variable that sets one path. The first of the names that is set and not empty counts.
  struct Variable {
    let path: String
    let names: [String]
    var kind = Kind.text
  }

  /// The prefix of variables that set any path, with `__` between its parts.
  static let prefix = "CLEARML_AGENT__"

  static let variables: [Variable] = [
    Variable(path: "api.api_server", names: ["CLEARML_API_HOST"]),
    Variable(path: "api.web_server", names: ["CLEARML_WEB_HOST"]),
    Variable(path: "api.files_server", names: ["CLEARML_FILES_HOST"]),
    Variable(path: "api.credentials.access_key", names: ["CLEARML_API_ACCESS_KEY"]),
    Variable(path: "api.credentials.secret_key", names: ["CLEARML_API_SECRET_KEY"]),
    Variable(path: "api.auth.token", names: ["CLEARML_AUTH_TOKEN"]),
    Variable(path: "api.verify_certificate", names: ["CLEARML_API_HOST_VERIFY_CERT"]),
    Variable(path: "agent.worker_id", names: ["CLEARML_WORKER_ID"]),
    Variable(path: "agent.worker_name", names: ["CLEARML_WORKER_NAME"]),
    Variable(path: "agent.worker_tags", names: ["CLEARML_WORKER_TAGS"], kind: .arguments),
    Variable(path: "agent.git_user", names: ["CLEARML_AGENT_GIT_USER"]),
    Variable(path: "agent.git_pass", names: ["CLEARML_AGENT_GIT_PASS"]),
    Variable(path: "agent.git_host", names: ["CLEARML_AGENT_GIT_HOST"]),
    Variable(path: "agent.disable_ssh_mount", names: ["CLEARML_AGENT_DISABLE_SSH_MOUNT"]),
    Variable(path: "agent.cuda_version", names: ["CLEARML_CUDA_VERSION", "CUDA_VERSION"]),
    Variable(path: "agent.cudnn_version", names: ["CLEARML_CUDNN_VERSION", "CUDNN_VERSION"]),
    Variable(path: "agent.cpu_only", names: ["CLEARML_CPU_ONLY", "CPU_ONLY"]),
    Variable(path: "agent.custom_build_script", names: ["CLEARML_AGENT_CUSTOM_BUILD_SCRIPT"]),
    Variable(path: "agent.skip_python_env_install", names: ["CLEARML_AGENT_SKIP_PYTHON_ENV_INSTALL"]),
    Variable(path: "agent.skip_pip_venv_install", names: ["CLEARML_AGENT_SKIP_PIP_VENV_INSTALL"]),
    Variable(path: "agent.force_code_dir", names: ["CLEARML_AGENT_FORCE_CODE_DIR"]),
    Variable(path: "agent.force_exec_script", names: ["CLEARML_AGENT_FORCE_EXEC_SCRIPT"]),
    Variable(path: "agent.force_task_init", names: ["CLEARML_AGENT_FORCE_TASK_INIT"]),
    Variable(path: "agent.extra_python_path", names: ["CLEARML_AGENT_EXTRA_PYTHON_PATH"]),
    Variable(path: "agent.git_use_ms_entra_token", names: ["CLEARML_AGENT_GIT_USE_MS_ENTRA_TOKEN"]),
    Variable(path: "agent.git_use_azure_pat", names: ["CLEARML_AGENT_GIT_USE_AZURE_PAT"]),
    Variable(
      path: "agent.translate_ssl_replacement_scheme", names: ["CLEARML_AGENT_SSH_URL_REPLACEMENT_SCHEME"]),
    Variable(path: "agent.venvs_cache.path", names: ["CLEARML_AGENT_VENV_CACHE_PATH"]),
    Variable(path: "agent.polling_interval_sec", names: ["CLEARML_AGENT_QUEUE_POLL_FREQ_SEC"]),
    Variable(path: "agent.status_report_interval_sec", names: ["CLEARML_AGENT_STATUS_REPORT_FREQ_SEC"]),
    Variable(path: "agent.default_docker.image", names: ["CLEARML_DOCKER_IMAGE"]),
    Variable(path: "agent.extra_docker_arguments", names: ["CLEARML_AGENT_EXTRA_DOCKER_ARGS"], kind: .arguments),
    Variable(path: "agent.docker_args_filters", names: ["CLEARML_AGENT_DOCKER_ARGS_FILTERS"], kind: .arguments),
    Variable(
      path: "agent.hide_docker_command_env_vars.extra_keys", names: ["CLEARML_AGENT_DOCKER_ARGS_HIDE_ENV"],
      kind: .moreArguments),
    Variable(
      path: "agent.package_manager.extra_pip_install_flags", names: ["CLEARML_EXTRA_PIP_INSTALL_FLAGS"],
      kind: .arguments),
    Variable(path: "agent.package_manager.pytorch_resolve", names: ["CLEARML_AGENT_PACKAGE_PYTORCH_RESOLVE"]),
    Variable(path: "sdk.aws.s3.key", names: ["AWS_ACCESS_KEY_ID"]),
    Variable(path: "sdk.aws.s3.secret", names: ["AWS_SECRET_ACCESS_KEY"]),
    Variable(path: "sdk.aws.s3.region", names: ["AWS_DEFAULT_REGION"]),
    Variable(path: "sdk.google.storage.credentials_json", names: ["GOOGLE_APPLICATION_CREDENTIALS"]),
  ]

  let environment: [String: String]

  /// The configuration with every variable that is set laid over it; a variable with a name of its own wins over `prefix`.
  func applied(to config: ConfigValue) throws(SettingsError) -> ConfigValue {
    var config = config
    for name in environment.keys.sorted() where name.hasPrefix(Self.prefix) {
      config = config.merging(try pathOverride(name))
    }
    for variable in Self.variables {
      guard let text = text(of: variable) else { continue }
      let value: ConfigValue =
        switch variable.kind {
        case .text: .string(text)
        case .arguments: .array(ShellWords.split(text).map(ConfigValue.string))
        case .moreArguments:
          .array((config[variable.path]?.asArray ?? []) + ShellWords.split(text).map(ConfigValue.string))
        }
      config = config.merging(.nested(value, at: variable.path.split(separator: ".").map(String.init)))
    }
    return config
  }

  /// The first of the variable's names that is set, or of their older spelling with TRAINS.
  private func text(of variable: Variable) -> String? {
    for name in variable.names {
      let older = name.hasPrefix("CLEARML_") ? "TRAINS_" + name.dropFirst("CLEARML_".count) : name
      for name in [name, older] {
        if let text = environment[name]?.trimmed, !text.isEmpty { return text }
      }
    }
    return nil
  }

  private func pathOverride(_ name: String) throws(SettingsError) -> ConfigValue {
    let keys = Self.keys(of: name)
    guard !keys.contains(""), keys.count <= HOCON.Limits.nesting else {
      let example = "\(Self.prefix)AGENT__GIT_USER for agent.git_user"
      throw .badVariable(name: name, reason: "its name has to be a path with __ between the parts, such as \(example).")
    }
    do {
      return .nested(try value(environment[name] ?? ""), at: keys)
    } catch {
      throw .badVariable(name: name, reason: "\(error.reason) Column \(error.column) of its value.")
    }
  }

  /// `CLEARML_AGENT__AGENT__GIT_USER` is `agent.git_user`.
  private static func keys(of name: String) -> [String] {
    var keys = [""]
    var rest = name.dropFirst(prefix.count).lowercased()[...]
    while let character = rest.first {
      if rest.hasPrefix("__") {
        keys.append("")
        rest = rest.dropFirst(2)
      } else {
        keys[keys.count - 1].append(character)
        rest = rest.dropFirst()
      }
    }
    return keys
  }

  /// Lists, objects, quoted text and references are HOCON; anything else is taken literally, so that no character of a
  /// password gets lost.
  private func value(_ text: String) throws(HOCONError) -> ConfigValue {
    let trimmed = text.trimmed
    let isHOCON = trimmed.first.map("[{\"".contains) == true || trimmed.contains("${")
    if isHOCON { return try HOCON.value(trimmed, environment: environment) }
    switch trimmed.lowercased() {
    case "true": return true
    case "false": return false
    case "null": return nil
    default: return ConfigNumber(trimmed).map(ConfigValue.number) ?? .string(text)
    }
  }
}
