extension AgentOption {
  /// How a task's packages are installed.
  static let packages: [AgentOption] = [
    .honoured("package_manager.type", "What installs packages: pip, uv, poetry, pipenv or conda."),
    .honoured("package_manager.extra_index_url", "Package indexes beside the default one."),
    .honoured(
      "package_manager.force_repo_requirements_txt", "Takes the repository's requirements.txt, whatever the task lists."
    ),
    .honoured("package_manager.system_site_packages", "Whether environments see the interpreter's own packages."),
    .honoured("package_manager.extra_pip_install_flags", "Further arguments of pip."),
    .honoured("package_manager.force_upgrade", "Whether packages are installed in their newest version."),
    .honoured("package_manager.priority_packages", "Packages to install before the others."),
    .honoured("package_manager.priority_optional_packages", "Packages to install before the others, which may fail."),
    .honoured("package_manager.post_packages", "Packages to install after the others."),
    .honoured("package_manager.post_optional_packages", "Packages to install after the others, which may fail."),
    .honoured(
      "package_manager.force_original_requirements", "Takes what the task listed first, not what its last run had."),
    .honoured("package_manager.pip_version", "The version of pip in environments."),
    .ignored(
      "package_manager.pip_legacy_resolver", "packages that contradict each other are always installed as listed.",
      unless: [">=20.3,<24.3"]),
    .honoured("package_manager.uv_version", "The version of uv itself, instead of the one in PATH."),
    .honoured("package_manager.uv_sync_extra_args", "Further arguments of `uv sync`."),
    .ignored("package_manager.uv_run_extra_args", "code is started with the environment's Python, not with `uv run`."),
    .ignored("package_manager.uv_replace_pip", "uv always stands in for pip where the result is the same."),
    .honoured("package_manager.uv_sync_locked_if_lock_file", "Whether uv keeps to the lock file where there is one."),
    .honoured("package_manager.uv_unsafe_best_match", "Whether uv takes the best version over all indexes."),
    .honoured(
      "package_manager.uv_files_from_repo_working_dir", "Whether uv's files are looked for in the working folder.",
      besides: ["package_manager": ["type": "uv"]]),
    .honoured("package_manager.poetry_version", "The version of poetry itself."),
    .honoured("package_manager.poetry_install_extra_args", "Further arguments of `poetry install`."),
    .honoured(
      "package_manager.poetry_files_from_repo_working_dir",
      "Whether poetry's files are looked for in the working folder.", besides: ["package_manager": ["type": "poetry"]]),
    .honoured("package_manager.conda_channels", "Where conda gets packages from."),
    .ignored("package_manager.conda_full_env_update", plainConda),
    .ignored("package_manager.conda_env_as_base_docker", plainConda),
    .ignored("package_manager.use_conda_base_env", plainConda),
    .honoured(
      "package_manager.pytorch_resolve",
      "Whether the build of PyTorch that fits the GPU is found; `direct` is as `pip`."),
    .honoured("package_manager.torch_nightly", "Whether nightly builds of PyTorch are taken, too."),
    .honoured("package_manager.extra_index_url_template", "Where builds of PyTorch for one CUDA version are."),
    .honoured(
      "package_manager.nightly_extra_index_url_template", "Where nightly builds of PyTorch are.",
      besides: ["package_manager": ["torch_nightly": true]]),
    .ignored("package_manager.torch_nightly_page", noPages),
    .ignored("package_manager.torch_page", noPages),
    .ignored("package_manager.torch_url_template", noPages),
    .ignored("package_manager.torch_url_template_prefix", noPages),
    .ignored("package_manager.rocm_extra_index_url_template", noROCm),
    .ignored("package_manager.nightly_rocm_extra_index_url_template", noROCm),
  ]

  private static let plainConda = "conda makes a new environment of a task's list of packages."
  private static let noPages = "builds of PyTorch are taken from package indexes; set extra_index_url_template."
  private static let noROCm = "builds of PyTorch are chosen for CUDA only; name the index in extra_index_url."
}
