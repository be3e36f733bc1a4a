extension AgentOption {
  /// What the worker is called, and when it works.
  static let work: [AgentOption] = [
    .honoured("worker_id", "The worker's whole name."),
    .honoured("worker_name", "The machine's part of the worker's name, instead of the host's name."),
    .honoured("worker_tags", "Tags that the worker is registered with."),
    .honoured("cpu_only", "Hides GPUs from tasks."),
    .honoured(
      "polling_interval_sec", "Seconds between two questions for a task, where the server cannot hold one open."),
    .honoured("status_report_interval_sec", "Seconds between two reports of the machine's load."),
    .honoured(
      "task_ping_interval_sec", "Seconds between two signs of life of a task, where the server knows no leases."),
    .honoured("apply_environment", "Whether the `environment` section at the top level gives tasks variables."),
    .honoured("apply_files", "Whether the `files` section at the top level is written before a task runs."),
    .honoured("enable_task_env", "Whether the Environment section of a task's hyperparameters gives it variables."),
    .honoured(
      "reload_config",
      "Whether the configuration is read again before each task. The server, the worker and its hours stay as they are."
    ),
    .honoured("uptime", "The hours at which tasks are taken, such as `8-18 MON-FRI`."),
    .honoured("downtime", "The hours at which no task is taken, also where they are in `uptime`."),
    .honoured("abort_callback_max_timeout", "The most seconds that a task's abort callback gets before it is stopped."),
    .ignored("crash_on_exception", "an error in one task never ends the agent."),
    .ignored("disable_agent_update_check", "the agent never looks for newer versions of itself."),
    .ignored("standalone_mode", "it is a flag, --standalone-mode."),
    .ignored("debug", "it is a flag, --debug."),
    .ignored(
      "resource_monitoring.default_gpu_utilization", "GPUs are reported as they are measured, or not at all.",
      unless: 100),
    .ignored("resource_monitoring.disk_use_path", "the free space of the home folder's disk is reported."),
    .ignored(
      "resource_monitoring.cluster_report_interval_sec", "there are no cluster reports beside those of workers.",
      unless: 60),
    .ignored("resource_dashboard.default_cluster_name", "there are no cluster reports beside those of workers."),
  ]

  /// What is kept between tasks.
  static let caches: [AgentOption] = [
    .ignored(
      "venvs_dir", "environments are made in the agent's own cache; STINT_CACHE_DIR moves it.",
      unless: "~/.clearml/venvs-builds"),
    .honoured("venvs_cache.max_entries", "How many environments are kept."),
    .honoured("venvs_cache.max_unused_days", "For how many days an environment is kept that nobody uses."),
    .honoured("venvs_cache.free_space_threshold_gb", "Free disk space in GB that environments leave."),
    .ignored(
      "venvs_cache.path", "environments are kept in the agent's own cache; STINT_CACHE_DIR moves it.",
      unless: "~/.clearml/venvs-cache"),
    .ignored("venvs_cache.lock_timeout", "an environment is waited for as long as somebody builds it."),
    .ignored("vcs_cache.enabled", "every repository has a mirror, which all tasks share.", unless: true),
    .ignored(
      "vcs_cache.path", "mirrors are kept in the agent's own cache; STINT_CACHE_DIR moves it.",
      unless: "~/.clearml/vcs-cache"),
    .ignored("vcs_cache.clone_on_pull_fail", "a mirror that is damaged is always made anew."),
    .ignored("pip_download_cache.enabled", "packages are always kept.", unless: true),
    .ignored(
      "pip_download_cache.path",
      "pip and uv keep packages in their own caches; PIP_CACHE_DIR and UV_CACHE_DIR move them.",
      unless: "~/.clearml/pip-download-cache"),
  ]

  /// What tasks take in and leave behind.
  static let storage: [AgentOption] = [
    .honoured("stint.storage.fetch_models", "Whether the input models of a task are fetched before it starts."),
    .honoured(
      "stint.storage.max_size_gb", "The most disk in GB that models, data and images take; no limit where unset."),
    .honoured(
      "stint.storage.max_unused_days", "For how many days a model or a file of data is kept that no task uses."),
    .honoured(
      "stint.storage.free_space_threshold_gb", "Free disk space in GB below which what was used least lately goes."),
    .honoured("stint.storage.log_days", "For how many days the logs of tasks and daemons are kept on the machine."),
    .honoured("stint.storage.log_size_mb", "How large a daemon's log grows, and how much of a task's is kept, in MB."),
    .honoured("stint.storage.log_files", "How many older logs of a daemon, and of a task's runs, are kept."),
  ]

  /// What is written about a task, and what is hidden in it.
  static let logs: [AgentOption] = [
    .honoured("suppress_carriage_return", "Folds the lines of progress bars into the last one."),
    .honoured("stint.output_spool_mb", "The most disk that a task's output takes until the server has it, in MB."),
    .ignored("log_files_buffering", "output is written as it comes."),
    .ignored("truncate_task_output_files", "output is kept until the server has it, and no longer."),
    .ignored("hide_docker_command_env_vars.enabled", Self.alwaysHidden, unless: true),
    .ignored("hide_docker_command_env_vars.extra_keys", Self.noContainers),
    .ignored("hide_docker_command_env_vars.parse_embedded_urls", Self.alwaysHidden, unless: true),
    .ignored(
      "sanitize_config_printout.hide_secrets", Self.alwaysHidden,
      unless: ["^sanitize_config_printout$", "secret", "pass", "token", "account_key", "contents"]),
    .ignored("sanitize_config_printout.hide_secrets_recursive", Self.alwaysHidden, unless: ["^environment$"]),
    .ignored("sanitize_config_printout.dont_hide_secrets", Self.alwaysHidden, unless: ["^enable_git_ask_pass$"]),
    .ignored("sanitize_config_printout.docker_commands", Self.alwaysHidden, unless: ["^extra_docker_arguments$"]),
    .ignored("sanitize_config_printout.urls", Self.alwaysHidden, unless: ["^extra_index_url$"]),
  ]

  private static let alwaysHidden = "whatever looks secret is hidden wherever it is printed."
}
