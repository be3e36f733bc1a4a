/// Where things are kept between tasks.
package struct CacheSettings: Sendable {
  /// Where the environments of running tasks are made.
  package var environments: String
  /// Where finished environments are kept; nil means they are not.
  package var environmentCache: String?
  /// How many environments are kept.
  package var environmentCacheLimit: Int
  /// Free disk space, in GB, below which nothing is added; nil means it does not matter.
  package var environmentCacheFreeGB: Double?
  /// For how many days an environment is kept that nobody uses.
  package var environmentCacheDays: Double
  /// Where clones are kept; nil means they are not.
  package var repositories: String?
  /// Where downloaded packages are kept; nil means they are not.
  package var downloads: String?

  init(_ read: SettingsReader) throws(SettingsError) {
    func home(_ folder: String) -> String { read.paths.expand("~/.clearml/\(folder)") }
    func folder(_ section: String, default folder: String) throws(SettingsError) -> String? {
      guard try read.bool("\(section).enabled") ?? true else { return nil }
      return try read.path("\(section).path") ?? home(folder)
    }
    environments = try read.path("agent.venvs_dir") ?? home("venvs-builds")
    environmentCacheLimit = try read.int("agent.venvs_cache.max_entries") ?? 10
    environmentCacheFreeGB = try read.double("agent.venvs_cache.free_space_threshold_gb") ?? 2
    if let free = environmentCacheFreeGB, free <= 0 { environmentCacheFreeGB = nil }
    environmentCacheDays = try read.double("agent.venvs_cache.max_unused_days") ?? 30
    environmentCache =
      environmentCacheLimit > 0 ? try read.path("agent.venvs_cache.path") ?? home("venvs-cache") : nil
    if read.root["agent.venvs_cache.path"] == "" { environmentCache = nil }
    repositories = try folder("agent.vcs_cache", default: "vcs-cache")
    downloads = try folder("agent.pip_download_cache", default: "pip-download-cache")
  }
}

/// How containers are run.
package struct DockerSettings: Sendable {
  /// The image for tasks that name none.
  package var image: String
  /// Arguments for tasks that name none.
  package var arguments: [String]
  /// Rules that choose an image by properties of the task, in order.
  package var matchRules: [ConfigValue]
  /// Arguments that are added for every task.
  package var extraArguments: [String]
  /// Whether `extraArguments` win over those of the task.
  package var extraArgumentsWin: Bool
  /// Regular expressions; where there are some, an argument of a task has to match one.
  package var argumentFilters: [String]
  /// Switches that nobody may set.
  package var forbiddenArguments: [String]
  /// Shell lines to run in a container before a task.
  package var shellScript: [String]
  /// Shell lines that replace the container's first setup.
  package var initScript: [String]?
  /// Whether an image is pulled each time.
  package var pullsAlways: Bool
  /// Whether a task's own image is ignored.
  package var ignoresTaskImage: Bool
  /// Whether `~/.ssh` stays out of containers.
  package var hidesSSH: Bool
  /// Folder of pip's cache that containers share.
  package var pipCache: String
  /// Folder of apt's cache that containers share.
  package var aptCache: String
  /// Variables whose values are hidden wherever a command is shown, beside those that look secret by their name.
  package var hiddenVariables: [String]

  init(_ read: SettingsReader) throws(SettingsError) {
    image = try read.string("agent.default_docker.image") ?? "nvidia/cuda:12.6.3-cudnn-runtime-ubuntu20.04"
    arguments = try read.arguments("agent.default_docker.arguments")
    matchRules = try read.array("agent.default_docker.match_rules") ?? []
    extraArguments = try read.arguments("agent.extra_docker_arguments")
    extraArgumentsWin = try read.bool("agent.docker_args_extra_precedes_task") ?? true
    argumentFilters = try read.strings("agent.docker_args_filters") ?? []
    forbiddenArguments = try read.strings("agent.forbidden_docker_args") ?? ["entrypoint"]
    shellScript = try read.strings("agent.extra_docker_shell_script") ?? []
    initScript = try read.strings("agent.docker_init_bash_script")
    pullsAlways = try read.bool("agent.docker_force_pull") ?? false
    ignoresTaskImage = try read.bool("agent.disable_task_docker_override") ?? false
    hidesSSH = try read.bool("agent.disable_ssh_mount") ?? false
    pipCache = try read.path("agent.docker_pip_cache") ?? read.paths.expand("~/.clearml/pip-cache")
    aptCache = try read.path("agent.docker_apt_cache") ?? read.paths.expand("~/.clearml/apt-cache")
    hiddenVariables = try read.strings("agent.hide_docker_command_env_vars.extra_keys") ?? []
  }
}
