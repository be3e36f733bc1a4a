import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Work in the foreground, as a service, so that it hears of signals.
final class ForegroundRun: Service {
  private let code = Mutex<Int32>(130)
  private let body: @Sendable () async throws -> Int32

  private init(_ body: @escaping @Sendable () async throws -> Int32) { self.body = body }

  /// The code to exit with: what `body` returns, or 130 where it was interrupted. SIGINT and SIGTERM cancel it.
  static func run(logger: Logger, _ body: @escaping @Sendable () async throws -> Int32) async throws -> Int32 {
    let service = ForegroundRun(body)
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    let group = ServiceGroup(
      configuration: .init(
        services: [
          .init(
            service: service, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .cancelGroup)
        ],
        gracefulShutdownSignals: [.sigint, .sigterm], logger: quiet))
    try await group.run()
    return service.code.withLock { $0 }
  }

  func run() async throws {
    do {
      let body = body
      let result = try await cancelWhenGracefulShutdown { try await body() }
      code.withLock { $0 = result }
    } catch is CancellationError {
      // Interrupted before there was anything to report.
    }
  }
}
