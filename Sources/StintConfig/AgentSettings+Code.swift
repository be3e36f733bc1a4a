/// How repositories are cloned.
package struct GitSettings: Sendable {
  /// A user and password for one host.
  package struct Credential: Sendable, Equatable {
    /// The host they are for.
    package let host: String
    /// The user's name there.
    package let user: String
    /// The password or access token.
    package let password: Secret
  }

  /// User for HTTPS; with it, SSH addresses are turned into HTTPS ones.
  package var user: String?
  /// Password or access token for HTTPS.
  package var password: Secret?
  /// The only host that `user` and `password` are sent to; nil means any.
  package var host: String?
  /// Whether `host` is the beginning of a URL instead of a host's name.
  package var matchesHostPrefix: Bool
  /// Further credentials, tried in order before `user` and `password`.
  package var extraCredentials: [Credential]
  /// Whether HTTPS addresses are turned into SSH ones.
  package var forcesSSH: Bool
  /// The port to use in such SSH addresses.
  package var sshPort: Int?
  /// The user to use in such SSH addresses.
  package var sshUser: String?
  /// Whether SSH addresses are turned into HTTPS ones where there are credentials.
  package var translatesSSH: Bool
  /// Arguments of `git fetch`.
  package var fetchArguments: [String]
  /// Whether they say that no history is wanted.
  package var fetchesNoHistory: Bool { fetchArguments.contains { $0.hasPrefix("--depth") } }
  /// Whether a cached clone that cannot be fetched is made anew.
  package var clonesWhenFetchFails: Bool
  /// Whether the repository's root stands in place of the working folder on PYTHONPATH.
  package var addsRootToPythonPath: Bool
  /// What replaces `ssh` in addresses that are turned.
  package var translationScheme: String
  /// How the password is sent, where it is not as one.
  package var passwordHeader: PasswordHeader?

  /// Ways of Azure DevOps to take a token.
  package enum PasswordHeader: Sendable, Equatable {
    /// A personal access token.
    case azure
    /// A token of Microsoft Entra.
    case entra
  }

  init(_ read: SettingsReader) throws(SettingsError) {
    user = try read.string("agent.git_user")
    password = try read.secret("agent.git_pass")
    host = try read.string("agent.git_host")
    matchesHostPrefix = try read.bool("agent.git_host_match_prefix") ?? false
    forcesSSH = try read.bool("agent.force_git_ssh_protocol") ?? false
    sshPort = try read.int("agent.force_git_ssh_port").flatMap { $0 > 0 ? $0 : nil }
    sshUser = try read.string("agent.force_git_ssh_user")
    translatesSSH = try read.bool("agent.translate_ssh") ?? true
    fetchArguments = try read.strings("agent.git_fetch_args") ?? ["--all", "--tags", "--recurse-submodules"]
    clonesWhenFetchFails = try read.bool("agent.vcs_cache.clone_on_pull_fail") ?? false
    addsRootToPythonPath = try read.bool("agent.force_git_root_python_path") ?? false
    translationScheme = try read.string("agent.translate_ssl_replacement_scheme") ?? "https"
    let isEntra = try read.bool("agent.git_use_ms_entra_token") ?? false
    let isAzure = try read.bool("agent.git_use_azure_pat") ?? false
    passwordHeader = isEntra ? .entra : isAzure ? .azure : nil
    extraCredentials = []
    for entry in try read.array("agent.git.extra_credentials") ?? [] {
      let (host, user) = (entry["host"]?.asString, (entry["user"] ?? entry["username"])?.asString)
      guard let host, let user, let pass = (entry["pass"] ?? entry["password"])?.asString
      else {
        throw read.wrongType("agent.git.extra_credentials", "a list of objects with user, pass and host")
      }
      extraCredentials.append(Credential(host: host, user: user, password: Secret(pass)))
    }
  }
}

/// Which Python runs a task.
package struct PythonSettings: Sendable {
  /// The interpreter for new environments; nil means that the agent chooses.
  package var binary: String?
  /// The version to use for a task that asks for none.
  package var defaultVersion: String?
  /// Whether the version that a task asks for is ignored.
  package var ignoresRequestedVersion: Bool
  /// Whether tasks run in the interpreter as it is, with nothing installed.
  package var skipsEnvironment: Bool
  /// Whether packages are installed into an interpreter itself.
  package var skipsVirtualEnvironment: Bool
  /// The interpreter that they are installed into; nil means that the agent chooses.
  package var sharedInterpreter: String?

  init(_ read: SettingsReader) throws(SettingsError) {
    binary = try read.path("agent.python_binary")
    defaultVersion = try read.string("agent.default_python")
    ignoresRequestedVersion = try read.bool("agent.ignore_requested_python_version") ?? false
    skipsEnvironment = try read.bool("agent.skip_python_env_install") ?? false
    if let isOn = read.value("agent.skip_pip_venv_install")?.asBool {
      skipsVirtualEnvironment = isOn
    } else {
      sharedInterpreter = try read.path("agent.skip_pip_venv_install")
      skipsVirtualEnvironment = sharedInterpreter != nil
    }
  }
}

/// How packages are installed.
package struct PackageSettings: Sendable {
  /// A tool that installs packages.
  package enum Manager: String, Sendable, CaseIterable {
    case pip, uv, poetry, conda, pipenv
  }

  /// The tool that installs packages; nil means that the agent chooses.
  package var manager: Manager?
  /// Version requirements for pip itself, possibly with markers.
  package var pipVersion: [String]
  /// Version requirement for poetry itself.
  package var poetryVersion: String?
  /// Arguments of `poetry install`.
  package var poetryArguments: [String]
  /// Version requirement for uv itself.
  package var uvVersion: String?
  /// Arguments of `uv sync`.
  package var uvSyncArguments: [String]
  /// Whether `uv sync --locked` is used where there is a lock file.
  package var uvSyncsLocked: Bool
  /// Whether uv takes the best version over all indexes.
  package var uvTakesBestMatch: Bool
  /// Whether an environment sees the system's packages.
  package var seesSystemPackages: Bool
  /// Whether packages are installed with `--upgrade`.
  package var upgrades: Bool
  /// Package indexes beside the default one; may hold credentials.
  package var extraIndexURLs: [String]
  /// Further arguments of `pip install`.
  package var extraInstallArguments: [String]
  /// Channels of conda.
  package var condaChannels: [String]
  /// Packages to install before the others.
  package var priorityPackages: [String]
  /// Packages to install before the others, which may fail.
  package var priorityOptionalPackages: [String]
  /// Packages to install after the others.
  package var postPackages: [String]
  /// Packages to install after the others, which may fail.
  package var postOptionalPackages: [String]
  /// Whether the repository's requirements.txt replaces what the task recorded.
  package var usesRepositoryRequirements: Bool
  /// Whether what the task recorded first counts, instead of what its last run had.
  package var usesOriginalRequirements: Bool
  /// Whether project and lock files are looked for in the task's working folder instead of the repository's root.
  package var projectIsInWorkingDirectory: Bool
  /// How the build of PyTorch that fits the GPU is found: `pip`, `direct` or `none`.
  package var pytorchResolve: String
  /// Where builds of PyTorch are, with `{}` for the CUDA version's digits.
  package var pytorchIndex: String?
  /// Where nightly builds of PyTorch are; nil where they are not wanted.
  package var pytorchNightlyIndex: String?

  init(_ read: SettingsReader) throws(SettingsError) {
    let section = "agent.package_manager"
    if let type = try read.string("\(section).type") {
      guard let known = Manager(rawValue: type.lowercased()) else {
        throw read.wrongType("\(section).type", "one of \(Manager.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      manager = known
    }
    pipVersion = try read.strings("\(section).pip_version") ?? []
    poetryVersion = try read.string("\(section).poetry_version")
    poetryArguments = try read.arguments("\(section).poetry_install_extra_args")
    uvVersion = try read.string("\(section).uv_version")
    uvSyncArguments = try read.arguments("\(section).uv_sync_extra_args")
    uvSyncsLocked = try read.bool("\(section).uv_sync_locked_if_lock_file") ?? true
    uvTakesBestMatch = try read.bool("\(section).uv_unsafe_best_match") ?? false
    seesSystemPackages = try read.bool("\(section).system_site_packages") ?? false
    upgrades = try read.bool("\(section).force_upgrade") ?? false
    extraIndexURLs = try read.strings("\(section).extra_index_url") ?? []
    extraInstallArguments = try read.arguments("\(section).extra_pip_install_flags")
    condaChannels = try read.strings("\(section).conda_channels") ?? []
    priorityPackages = try read.strings("\(section).priority_packages") ?? []
    priorityOptionalPackages = try read.strings("\(section).priority_optional_packages") ?? []
    postPackages = try read.strings("\(section).post_packages") ?? []
    postOptionalPackages = try read.strings("\(section).post_optional_packages") ?? []
    usesRepositoryRequirements = try read.bool("\(section).force_repo_requirements_txt") ?? false
    usesOriginalRequirements = try read.bool("\(section).force_original_requirements") ?? false
    projectIsInWorkingDirectory =
      switch manager {
      case .uv: try read.bool("\(section).uv_files_from_repo_working_dir") ?? false
      case .poetry, .pipenv: try read.bool("\(section).poetry_files_from_repo_working_dir") ?? false
      case .pip, .conda, nil: false
      }
    pytorchResolve = try read.string("\(section).pytorch_resolve") ?? "pip"
    pytorchIndex = try read.string("\(section).extra_index_url_template")
    if try read.bool("\(section).torch_nightly") ?? false {
      pytorchNightlyIndex =
        try read.string("\(section).nightly_extra_index_url_template")
        ?? "https://download.pytorch.org/whl/nightly/cu{}"
    }
  }
}
