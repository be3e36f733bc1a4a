@testable import StintRuntime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The uv of this machine, or one that is installed once into the temporary folder.
func installedUV() async throws -> String {
  if let uv = ProgramSearch.find("uv", path: inherited["PATH"]) { return uv }
  let folder = FileManager.default.temporaryDirectory.path + "/stint-tests-uv"
  let lock = try await FileLock.acquire(folder + ".lock", .exclusive)
  defer { lock.unlock() }
  let uv = folder + "/bin/uv"
  if !Files.isExecutableFile(uv) {
    _ = try await Command(["python3", "-m", "venv", folder], environment: inherited).run()
    _ = try await Command([folder + "/bin/python", "-m", "pip", "install", "--quiet", "uv"], environment: inherited)
      .run()
  }
  return uv
}

/// A folder of wheels for both installers, so that no test needs a package index.
struct WheelHouse {
  let path: String

  /// `demo` in two versions, the second of which needs `helper`, and `extra`.
  init(in scratch: Scratch) async throws {
    path = scratch.path("wheels")
    let script = """
      import sys, zipfile
      def wheel(name, version, requires=()):
        info = f"{name}-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
        metadata += "".join(f"Requires-Dist: {r}\\n" for r in requires)
        files = {
          f"{name}.py": f"version = '{version}'\\n",
          f"{info}/METADATA": metadata,
          f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        }
        record = f"{info}/RECORD"
        files[record] = "".join(f"{f},,\\n" for f in [*files, record])
        with zipfile.ZipFile(f"{sys.argv[1]}/{name}-{version}-py3-none-any.whl", "w") as z:
          for f, text in files.items(): z.writestr(f, text)
      wheel("demo", "1.0")
      wheel("demo", "2.0", ["helper"])
      wheel("helper", "0.1")
      wheel("extra", "3.0")
      """
    try Files.makeDirectory(path + "/no-index")
    _ = try await Command(["python3", "-c", script, path], environment: inherited).run()
  }

  /// Variables under which there are no other packages than these.
  func variables(uv: String?) -> [String: String] {
    var variables = inherited.filter { !PackageIndex.variableNames.contains($0.key) }
    variables["PIP_NO_INDEX"] = "1"
    variables["UV_DEFAULT_INDEX"] = "file://" + path + "/no-index"
    variables["PIP_CONFIG_FILE"] = "/dev/null"
    if let uv {
      variables["PATH"] = uv.prefix(upTo: uv.lastIndex(of: "/") ?? uv.endIndex) + ":" + (inherited["PATH"] ?? "")
    }
    return variables
  }
}

/// Environments in `scratch` that tasks share where this machine lets them.
func sharedEnvironments(_ scratch: Scratch, limits: EnvironmentLimits = EnvironmentLimits()) throws -> Environments {
  Environments(
    directory: scratch.path("environments"), limits: limits,
    overlays: OverlayProbe(shim: try shimExecutable(), scratch: scratch.path))
}

/// Environments in `scratch` as they are where no overlay can be mounted.
func separateEnvironments(_ scratch: Scratch) -> Environments {
  Environments(directory: scratch.path("environments"))
}

/// A job that runs Python code in an environment, as the agent starts it.
func launchPython(
  _ code: String, in environment: PythonEnvironment, _ scratch: Scratch, name: String, variables: [String: String]
) async throws -> Job {
  let folder = scratch.path("jobs/\(name)")
  return try await Job.launch(
    directory: folder, argv: [environment.python, "-c", code], environment: variables, workingDirectory: scratch.path,
    shim: try shimExecutable(), overlay: try environment.overlay(scratch: folder + "/packages"),
    hold: environment.lockFile)
}

/// Whether this machine lets this user mount overlays.
func overlaysWork() async throws -> Bool {
  let scratch = try Scratch()
  return try await OverlayProbe(shim: try shimExecutable(), scratch: scratch.path)
    .works(on: scratch.path, environment: inherited)
}
