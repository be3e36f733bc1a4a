import Testing

@testable import StintConfig

@Suite("Options of the agent section")
struct AgentOptionTests {
  /// Of each option that is honoured, a value that is not its default.
  private static let samples: [String: ConfigValue] = [
    "worker_id": "here:0", "worker_name": "here", "worker_tags": ["fast"], "cpu_only": true,
    "polling_interval_sec": 7, "status_report_interval_sec": 7, "task_ping_interval_sec": 7,
    "apply_environment": false, "apply_files": false, "enable_task_env": true, "uptime": ["8-18 MON-FRI"],
    "downtime": ["8-18 SUN"],
    "git_user": "me", "git_pass": "word", "git_host": "git.example.com", "git_host_match_prefix": true,
    "git.extra_credentials": [["user": "me", "pass": "word", "host": "git.example.com"]],
    "python_binary": "/usr/bin/python3", "default_python": "3.11", "ignore_requested_python_version": true,
    "package_manager.type": "uv", "package_manager.extra_index_url": ["https://packages.example.com/simple"],
    "package_manager.force_repo_requirements_txt": true, "package_manager.system_site_packages": true,
    "git_use_azure_pat": true, "git_use_ms_entra_token": true, "force_git_ssh_protocol": true,
    "force_git_ssh_port": 2222, "force_git_ssh_user": "me", "translate_ssh": false,
    "translate_ssl_replacement_scheme": "http", "force_git_root_python_path": true,
    "custom_build_script": "/build.sh", "skip_python_env_install": true, "skip_pip_venv_install": "/usr/bin/python3",
    "force_code_dir": "/code", "force_exec_script": "run.py", "force_task_init": true, "extra_python_path": "/lib",
    "cuda_version": "12.4", "package_manager.extra_pip_install_flags": ["--pre"], "package_manager.force_upgrade": true,
    "package_manager.priority_packages": ["a"], "package_manager.priority_optional_packages": ["a"],
    "package_manager.post_packages": ["a"], "package_manager.post_optional_packages": ["a"],
    "package_manager.force_original_requirements": true, "package_manager.pip_version": ["<23"],
    "package_manager.uv_version": ">0.4", "package_manager.uv_sync_extra_args": ["--all-extras"],
    "package_manager.uv_sync_locked_if_lock_file": false, "package_manager.uv_unsafe_best_match": true,
    "package_manager.uv_files_from_repo_working_dir": true, "package_manager.poetry_version": "<2",
    "package_manager.poetry_install_extra_args": ["-v"], "package_manager.poetry_files_from_repo_working_dir": true,
    "package_manager.conda_channels": ["here"], "package_manager.pytorch_resolve": "none",
    "package_manager.torch_nightly": true, "package_manager.extra_index_url_template": "https://t.example.com/cu{}",
    "package_manager.nightly_extra_index_url_template": "https://n.example.com/cu{}",
    "venvs_cache.max_unused_days": 3, "venvs_cache.max_entries": 3, "venvs_cache.free_space_threshold_gb": 9,
    "suppress_carriage_return": false, "stint.output_spool_mb": 3, "abort_callback_max_timeout": 3,
    "stint.storage.fetch_models": false, "stint.storage.max_size_gb": 3, "stint.storage.max_unused_days": 3,
    "stint.storage.free_space_threshold_gb": 9, "stint.storage.log_days": 3, "stint.storage.log_size_mb": 3,
    "stint.storage.log_files": 3, "reload_config": true, "git_fetch_args": ["--depth=1"],
  ]

  private static let honoured = AgentOption.all.filter { if case .honoured = $0.effect { true } else { false } }
  private static let ignored = AgentOption.all.filter { if case .ignored = $0.effect { true } else { false } }

  @Test("an option that is honoured changes the settings", arguments: honoured)
  func honouring(_ option: AgentOption) throws {
    let sample = try #require(
      Self.samples[String(option.path.dropFirst("agent.".count))], "\(option.path) has no sample")
    let section: ConfigValue = [
      "environment": ["NAME": "value"], "files": ["a": ["path": "/a"]], "agent": option.condition ?? [:],
    ]
    let changed = section.merging(.nested(sample, at: option.path.split(separator: ".").map(String.init)))

    #expect(try Self.contents(changed) != Self.contents(section))
    #expect(AgentOption.remarks(on: changed) == [])
  }

  @Test("an option that has no effect is reported with the reason where it is set", arguments: ignored)
  func ignoring(_ option: AgentOption) throws {
    let keys = option.path.split(separator: ".").map(String.init)
    let remarks = AgentOption.remarks(on: .nested(["something else"], at: keys))

    guard case .ignored(let reason) = option.effect else { return }
    #expect(remarks == [AgentOptionRemark(path: option.path, kind: .ignored(reason))])
    #expect(reason.hasSuffix("."))
    for value in [option.published ?? .null, .null, ""] {
      #expect(AgentOption.remarks(on: .nested(value, at: keys)) == [], "\(value)")
    }
  }

  @Test("a boolean that is on by default is reported where it is off")
  func turnedOff() {
    #expect(AgentOption.remarks(on: ["agent": ["vcs_cache": ["enabled": false]]]).count == 1)
    #expect(AgentOption.remarks(on: ["agent": ["vcs_cache": ["enabled": "true"]]]) == [])
    #expect(AgentOption.remarks(on: ["agent": ["crash_on_exception": false]]) == [])
  }

  @Test("an unknown option is reported, with the one that may be meant")
  func unknown() {
    let remarks = AgentOption.remarks(on: ["agent": ["gti_user": "me", "package_manager": ["brand": "new"]]])

    #expect(
      remarks == [
        AgentOptionRemark(path: "agent.gti_user", kind: .unknown(nearest: "agent.git_user")),
        AgentOptionRemark(path: "agent.package_manager.brand", kind: .unknown(nearest: nil)),
      ])
    #expect(remarks[0].description.contains("Is agent.git_user meant?"))
  }

  @Test("every option is listed once")
  func unique() {
    #expect(Set(AgentOption.all.map(\.path)).count == AgentOption.all.count)
  }

  /// All settings but the document that they came from.
  private static func contents(_ raw: ConfigValue) throws -> String {
    let settings = try AgentSettings(raw: raw, file: "", environment: ["HOME": "/home/me"])
    return Mirror(reflecting: settings).children.filter { $0.label != "raw" }
      .map { "\($0.label ?? ""): \($0.value)" }.joined(separator: "\n")
  }
}

extension AgentOption: CustomTestStringConvertible {
  public var testDescription: String { path }
}
