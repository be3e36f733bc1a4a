extension AgentOption {
  /// How a task's packages are installed.
  static let packages: [AgentOption] = [
    .honoured("package_manager.type", "What installs packages: pip or uv."),
    .honoured("package_manager.extra_index_url", "Package indexes beside the default one."),
    .honoured("package_manager.force_repo_requirements_txt", "Takes the repository's requirements.txt, whatever the task lists."),
    .honoured("package_manager.system_site_packages", "Whether environments see the interpreter's own packages."),
  ]
}
