extension AgentOption {
  static let noContainers = "containers cannot be used yet; tasks run in environments of their own on the machine."

  /// How containers are run.
  static let containers: [AgentOption] =
    [
      .ignored(
        "default_docker.image", noContainers, unless: "nvidia/cuda:12.6.3-cudnn-runtime-ubuntu20.04"),
      .ignored("default_docker.update_back_task", noContainers, unless: true),
      // Files that clearml-agent wrote have its rules: one for each version of Python.
      .ignored("default_docker.match_rules", noContainers, unless: publishedRules),
      .ignored("docker_install_opencv_libs", noContainers, unless: true),
      .ignored("docker_use_activated_venv", noContainers, unless: true),
      .ignored("docker_args_extra_precedes_task", noContainers, unless: true),
      .ignored("docker_apply_environment_from_vault", noContainers, unless: true),
      .ignored("docker_pip_cache", noContainers, unless: "~/.clearml/pip-cache"),
      .ignored("docker_apt_cache", noContainers, unless: "~/.clearml/apt-cache"),
      .ignored("forbidden_docker_args", noContainers, unless: ["entrypoint"]),
    ] + plain + mounts + bootstrap

  private static let plain = [
    "default_docker.arguments", "docker_force_pull", "docker_poetry_cache", "docker_allow_host_environ",
    "docker_args_filters", "docker_args_allowed_port_range", "docker_container_name_format",
    "docker_container_name_format_fields", "docker_init_bash_script", "docker_preprocess_bash_script",
    "disable_ssh_mount", "disable_task_docker_override", "extra_docker_arguments", "extra_docker_shell_script",
    "protected_docker_extra_args",
  ].map { AgentOption.ignored($0, noContainers) }

  private static let mounts = [
    "bootstrap_folder": "/.clearml.bootstrap", "bootstrap_cache": "/.clearml.bootstrap.cache",
    "sdk_cache": "/clearml_agent_cache", "apt_cache": "/var/cache/apt/archives", "ssh_folder": "~/.ssh",
    "ssh_ro_folder": "/.ssh", "pip_cache": "/root/.cache/pip", "poetry_cache": "/root/.cache/pypoetry",
    "vcs_cache": "/root/.clearml/vcs-cache", "venvs_cache": "/root/.clearml/venvs-cache",
    "venv_build": "~/.clearml/venvs-builds", "pip_download": "/root/.clearml/pip-download-cache",
  ].sorted { $0.key < $1.key }.map { name, published in
    AgentOption.ignored("docker_internal_mounts.\(name)", noContainers, unless: .string(published))
  }

  private static let bootstrap: [AgentOption] =
    [
      .ignored("bootstrap.use_bootstrap", noBootstrap, unless: true),
      .ignored("bootstrap.check_for_latest", noBootstrap),
      .ignored("bootstrap.check_for_latest_timeout", noBootstrap, unless: 5),
      .ignored("bootstrap.host_bootstrap_dir", noBootstrap, unless: "~/.clearml.bootstrap"),
      .ignored("bootstrap.host_bootstrap_cache_dir", noBootstrap, unless: "~/.clearml.bootstrap.cache"),
      .ignored("bootstrap.skip_git_installation", noBootstrap, unless: true),
      .ignored("bootstrap.always_install_ca_cert", noBootstrap, unless: true),
    ]
    + [
      "always_update", "always_use_static_git", "auto_update_uv_bin", "auto_update_uv_url_gh", "auto_update_uv_url_ghe",
      "git_insecure", "map_external_ssl_cert", "uv_def_python_ver", "uv_default_index_url", "uv_index_url",
      "uv_insecure",
      "uv_python_meta_file", "uv_use_builtin_tls",
    ].map { AgentOption.ignored("bootstrap.\($0)", noBootstrap) }

  private static let noBootstrap = "this agent is one file, and nothing of it is needed inside of a container."

  private static let publishedRules = ConfigValue.array(
    (6...13).map { minor in
      var rule: ConfigValue = [
        "image": .string("python:3.\(minor)-bullseye"), "arguments": "--ipc=host",
        "match": ["script": ["binary": .string("python3.\(minor)$")]],
      ]
      if minor < 8 { rule = rule.merging(["update_back_task": true]) }
      return rule
    })
}
