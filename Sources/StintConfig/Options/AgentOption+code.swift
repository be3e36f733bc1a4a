extension AgentOption {
  /// Where a task's code comes from.
  static let code: [AgentOption] = [
    .honoured("git_user", "The user for repositories over HTTPS."),
    .honoured("git_pass", "The password or token for repositories over HTTPS."),
    .honoured("git_host", "The only host that git_user and git_pass are for."),
    .honoured("git_host_match_prefix", "Whether git_host is the beginning of a repository's address."),
    .honoured("git.extra_credentials", "Users and passwords for further hosts, tried before git_user and git_pass."),
    .honoured("git_use_azure_pat", "Sends git_pass as a personal access token of Azure DevOps."),
    .honoured("git_use_ms_entra_token", "Sends git_pass as a token of Microsoft Entra."),
    .honoured("force_git_ssh_protocol", "Turns addresses over HTTPS into SSH ones."),
    .honoured("force_git_ssh_port", "The port of such addresses."),
    .honoured("force_git_ssh_user", "The user of such addresses."),
    .honoured("translate_ssh", "Turns SSH addresses into HTTPS ones where there is a password."),
    .honoured("translate_ssl_replacement_scheme", "What stands in place of `ssh` in such addresses."),
    .honoured("force_git_root_python_path", "Puts the repository's root alone on PYTHONPATH."),
    .ignored("enable_git_ask_pass", "git is always told passwords this way; they are in no address and no file."),
    .honoured(
      "git_fetch_args",
      "With `--depth` among them commits are fetched without their history. The rest changes nothing: mirrors hold all "
        + "branches and tags."),
  ]

  /// Which interpreter runs a task.
  static let python: [AgentOption] = [
    .honoured("python_binary", "The interpreter for tasks that name none, or one that the machine lacks."),
    .honoured("default_python", "The Python version for tasks that name none."),
    .honoured("ignore_requested_python_version", "Whether the version that a task was made with is ignored."),
    .honoured("custom_build_script", "A script that prepares a task in place of an environment."),
    .honoured("skip_python_env_install", "Runs tasks in the interpreter as it is."),
    .honoured("skip_pip_venv_install", "Installs packages into an interpreter itself: true, or its path."),
    .honoured("force_code_dir", "A folder of this machine whose code is run instead of the task's."),
    .honoured(
      "force_exec_script", "What is run instead of the task's entry point: `script.py`, or `folder:script.py`."),
    .honoured("force_task_init", "Lets scripts report to the server whose authors did not write so."),
    .honoured("extra_python_path", "Folders to put behind all others on PYTHONPATH."),
    .honoured("cuda_version", "The CUDA version to choose PyTorch for, instead of the driver's."),
    .ignored("cudnn_version", "packages are installed as the task lists them, whatever cuDNN the machine has."),
  ]
}
