import Synchronization

/// Finds out once which CUDA the machine's driver can run.
package final class CUDAProbe: Sendable {
  private let environment: [String: String]
  private let answer = Mutex<String??>(nil)

  package init(environment: [String: String]) { self.environment = environment }

  /// The version as the driver's own tool writes it, such as `12.4`; nil where there is no driver.
  package func version() async -> String? {
    if let known = answer.withLock({ $0 }) { return known }
    let command = Command(["nvidia-smi"], environment: environment, timeLimit: .seconds(30))
    guard let output = try? await command.run().text else {
      if !Task.isCancelled { answer.withLock { $0 = .some(nil) } }
      return nil
    }
    let version = Self.version(in: output)
    answer.withLock { $0 = .some(version) }
    return version
  }

  static func version(in output: String) -> String? {
    guard let label = output.firstRange(of: "CUDA Version:") else { return nil }
    let version = output[label.upperBound...].drop { $0 == " " }.prefix { $0.isNumber || $0 == "." }
    return version.isEmpty ? nil : String(version)
  }
}
