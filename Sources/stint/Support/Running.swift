import ArgumentParser
import Logging
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The flags that say how much is logged, and how.
struct LoggingFlags: ParsableArguments {
  /// How a line of the log looks.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: "How much to log on stderr.")
  var logLevel = Logger.Level.notice
  @Option(help: "Log as text for people, or as JSON lines for programs.") var logFormat = Format.text

  /// For commands whose errors are told at their end.
  static var quiet: Logger {
    var logger = Logger(label: "stint") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .error
    return logger
  }

  func logger(_ label: String) -> Logger {
    let format = logFormat
    var logger = Logger(label: "stint.\(label)") { label -> any LogHandler in
      switch format {
      case .text: StreamLogHandler.standardError(label: label)
      case .json: JSONLogHandler(label: label)
      }
    }
    logger.logLevel = logLevel
    return logger
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {
  /// In capitals, too, and `WARN`, as clearml-agent has them.
  public init?(argument: String) {
    let name = argument.lowercased()
    self.init(rawValue: name == "warn" ? "warning" : name)
  }
}

extension AsyncParsableCommand {
  /// Runs `services` until one ends or the process is asked to stop; then all stop, the last one first.
  func run(_ services: [any Service], logger: Logger) async throws {
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    var configuration = ServiceGroupConfiguration(
      services: services.map {
        .init(
          service: $0, successTerminationBehavior: .gracefullyShutdownGroup, failureTerminationBehavior: .cancelGroup)
      },
      gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
    configuration.maximumGracefulShutdownDuration = .seconds(20)
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch is CancellationError {
      return
    }
  }
}

/// The environment of this process.
func processEnvironment() -> [String: String] { ProcessInfo.processInfo.environment }

/// `path` with a leading `~` replaced by the home folder.
func expandingTilde(_ path: String) -> String {
  guard path == "~" || path.hasPrefix("~/") else { return path }
  return (processEnvironment()["HOME"] ?? "/") + path.dropFirst()
}

/// Hands what was printed to whoever reads our output, also where that is a pipe.
func flushOutput() { fflush(nil) }
