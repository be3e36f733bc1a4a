extension AgentOption {
  /// Where a task's code comes from.
  static let code: [AgentOption] = [
    .honoured("git_user", "The user for repositories over HTTPS."),
    .honoured("git_pass", "The password or token for repositories over HTTPS."),
    .honoured("git_host", "The only host that git_user and git_pass are for."),
    .honoured("git_host_match_prefix", "Whether git_host is the beginning of a repository's address."),
    .honoured("git.extra_credentials", "Users and passwords for further hosts, tried before git_user and git_pass."),
    .ignored("git_use_azure_pat", Self.plainCredentials),
    .ignored("git_use_ms_entra_token", Self.plainCredentials),
    .ignored("force_git_ssh_protocol", Self.asWritten),
    .ignored("force_git_ssh_port", Self.asWritten, unless: 0),
    .ignored("force_git_ssh_user", Self.asWritten, unless: "git"),
    .ignored("translate_ssh", Self.asWritten, unless: true),
    .ignored("translate_ssl_replacement_scheme", Self.asWritten, unless: "https"),
    .ignored(
      "force_git_root_python_path", "the repository's root is always on PYTHONPATH, behind the working directory."),
    .ignored("enable_git_ask_pass", "git is always told passwords this way; they are in no address and no file."),
    .ignored(
      "git_fetch_args", "a mirror holds all branches and tags, and submodules are fetched for the commit that runs.",
      unless: ["--all", "--tags", "--recurse-submodules"]),
  ]

  private static let asWritten = "a repository is fetched from the address that the task names."
  private static let plainCredentials = "set git_user and git_pass to what the host takes as user and password."

  /// Which interpreter runs a task.
  static let python: [AgentOption] = [
    .honoured("python_binary", "The interpreter for tasks that name none, or one that the machine lacks."),
    .honoured("default_python", "The Python version for tasks that name none."),
    .honoured("ignore_requested_python_version", "Whether the version that a task was made with is ignored."),
    .ignored("custom_build_script", "environments are not built by scripts yet."),
    .ignored("skip_python_env_install", "every task gets an environment of its own."),
    .ignored("cuda_version", "packages are installed as the task lists them, whatever CUDA the machine has."),
    .ignored("cudnn_version", "packages are installed as the task lists them, whatever cuDNN the machine has."),
  ]
}
