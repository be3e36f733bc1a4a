/// Compiles the modules of a shared environment, which its users cannot do for each other: what one writes, only that
/// one sees.
///
/// The compiled files go into a tree of their own that is laid over the environment. Files that environments have in
/// common, hard links as the installer makes them, are compiled once: the store has a link to each.
struct Bytecode: Sendable {
  /// The folder beside the environments that holds what was compiled already.
  static let storeName = "bytecode-store"

  let folder: EnvironmentFolder
  let store: String
  let variables: [String: String]

  private static let script = """
    import os, py_compile, sys
    venv, tree, store = sys.argv[1:]
    os.nice(19)
    tag = sys.implementation.cache_tag
    store = f'{store}/{tag}'
    os.makedirs(store, exist_ok=True)
    for folder, folders, files in os.walk(f'{venv}/lib'):
      if '__pycache__' in folders: folders.remove('__pycache__')
      cache = f'{tree}/{os.path.relpath(folder, venv)}/__pycache__'
      for name in files:
        if not name.endswith('.py'): continue
        source, target = f'{folder}/{name}', f'{cache}/{name[:-3]}.{tag}.pyc'
        if os.path.exists(target): continue
        os.makedirs(cache, exist_ok=True)
        facts = os.stat(source)
        identity = f'{facts.st_dev}-{facts.st_ino}-{facts.st_mtime_ns}-{facts.st_size}'
        shared = f'{store}/{identity}' if facts.st_nlink > 1 else None
        try:
          if not shared or not os.path.exists(shared):
            py_compile.compile(source, shared or target, doraise=True)
          if shared: os.link(shared, target)
        except (py_compile.PyCompileError, SyntaxError, ValueError, RecursionError, FileExistsError, FileNotFoundError): pass
    """

  /// Does what is left to do; what was compiled when this is cancelled is not lost.
  func compile() async throws {
    guard !Files.exists(folder.bytecode), variables["PYTHONDONTWRITEBYTECODE"]?.isEmpty ?? true,
      let claim = try FileLock.attempt(folder.path + "/bytecode.claim", .exclusive)
    else { return }
    let unfinished = folder.path + "/bytecode.unfinished"
    _ = try await Command(
      [folder.python, "-I", "-S", "-c", Self.script, folder.venv, unfinished, store], environment: variables,
      workingDirectory: folder.path
    ).run()
    try Files.move(unfinished, to: folder.bytecode)
    withExtendedLifetime(claim) {}
  }
}

extension Environments {
  /// Compiles a shared environment in the background of its first job, so that the next ones start faster. Returns when
  /// that is done or cannot be done; cancel it when the job has ended.
  package func compile(_ environment: PythonEnvironment?, variables: [String: String]) async {
    guard let environment, environment.isShared else { return }
    let folder = EnvironmentFolder(path: environment.directory)
    try? await Bytecode(folder: folder, store: "\(directory)/\(Bytecode.storeName)", variables: variables).compile()
  }

  /// Deletes compiled files that no environment uses any more.
  func removeUnusedBytecode() {
    let store = "\(directory)/\(Bytecode.storeName)"
    for tag in Files.names(in: store) {
      for name in Files.names(in: "\(store)/\(tag)") where Files.linkCount("\(store)/\(tag)/\(name)") == 1 {
        Files.remove("\(store)/\(tag)/\(name)")
      }
    }
  }
}
