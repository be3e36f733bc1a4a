extension AgentOption {
  /// How a task's packages are installed.
  static let packages: [AgentOption] = [
    .honoured("package_manager.type", "What installs packages: pip or uv."),
    .honoured("package_manager.extra_index_url", "Package indexes beside the default one."),
    .honoured(
      "package_manager.force_repo_requirements_txt", "Takes the repository's requirements.txt, whatever the task lists."
    ),
    .honoured("package_manager.system_site_packages", "Whether environments see the interpreter's own packages."),
    .ignored("package_manager.extra_pip_install_flags", plainInstall),
    .ignored("package_manager.force_upgrade", plainInstall),
    .ignored("package_manager.priority_packages", plainInstall),
    .ignored("package_manager.priority_optional_packages", plainInstall, unless: ["pygobject"]),
    .ignored("package_manager.post_packages", plainInstall),
    .ignored("package_manager.post_optional_packages", plainInstall),
    .ignored("package_manager.force_original_requirements", "a task's own list of packages is taken."),
    .ignored(
      "package_manager.pip_version", "the pip is used that the interpreter comes with.",
      unless: [
        "<20.2 ; python_version < '3.10'", "<22.3 ; python_version >= '3.10' and python_version <= '3.11'",
        ">=23,<26 ; python_version >= '3.12'",
      ]),
    .ignored(
      "package_manager.pip_legacy_resolver", "packages whose versions do not fit are told, not installed.",
      unless: [">=20.3,<24.3"]),
    .ignored("package_manager.uv_version", "the uv in the PATH is used."),
    .ignored("package_manager.uv_sync_extra_args", noProjects),
    .ignored("package_manager.uv_run_extra_args", "code is started with the environment's Python, not with `uv run`."),
    .ignored("package_manager.uv_replace_pip", "uv is used where the machine has it, unless type says pip."),
    .ignored("package_manager.uv_sync_locked_if_lock_file", noProjects, unless: true),
    .ignored("package_manager.uv_unsafe_best_match", plainInstall),
    .ignored("package_manager.uv_files_from_repo_working_dir", noProjects),
    .ignored("package_manager.poetry_version", noProjects),
    .ignored("package_manager.poetry_install_extra_args", noProjects),
    .ignored("package_manager.poetry_files_from_repo_working_dir", noProjects),
    .ignored(
      "package_manager.conda_channels", noConda, unless: ["pytorch", "conda-forge", "nvidia", "defaults"]),
    .ignored("package_manager.conda_full_env_update", noConda),
    .ignored("package_manager.conda_env_as_base_docker", noConda),
    .ignored("package_manager.use_conda_base_env", noConda),
    .ignored("package_manager.pytorch_resolve", plainTorch, unless: "pip"),
    .ignored("package_manager.torch_nightly", plainTorch),
    .ignored("package_manager.torch_nightly_page", plainTorch),
    .ignored("package_manager.torch_page", plainTorch),
    .ignored("package_manager.torch_url_template", plainTorch),
    .ignored("package_manager.torch_url_template_prefix", plainTorch),
    .ignored("package_manager.extra_index_url_template", plainTorch),
    .ignored("package_manager.nightly_extra_index_url_template", plainTorch),
    .ignored("package_manager.rocm_extra_index_url_template", plainTorch),
    .ignored("package_manager.nightly_rocm_extra_index_url_template", plainTorch),
  ]

  private static let plainInstall = "all packages are installed together, in the versions that the task lists."
  private static let noProjects =
    "packages are taken from the task's list or requirements.txt, not from project files yet."
  private static let noConda = "conda cannot be used yet."
  private static let plainTorch = "PyTorch is installed as the task lists it; name its index in extra_index_url."
}
