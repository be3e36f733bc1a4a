import StintStore
import StintWire

/// What is done with a server's folder from outside of the server. Each tells what to print.
package enum ServerData {
  /// What a look at the folder found.
  package struct Report: Sendable {
    /// Whether nothing is wrong.
    package let isHealthy: Bool
    /// For people.
    package let lines: [String]
    /// For programs: `{"healthy": …, "findings": [{"check", "level", "message", "examples"}]}`.
    package let json: JSON
  }

  /// Writes a backup of the folder to a file that must not exist; a server may work in the folder.
  package static func backUp(_ directory: String, to file: String, version: String) throws -> [String] {
    let summary = try Backup.write(directory, to: file, version: version)
    return summary.missing.map { "left out, as its content is missing: \($0)" } + [
      "\(file) holds the records, the events and \(summary.contents) contents: \(summary.bytes) bytes"
    ]
  }

  /// Puts a backup into a folder that must be empty or new.
  package static func restore(_ file: String, to directory: String) throws -> [String] {
    let summary = try Backup.restore(file, to: directory)
    return [
      "\(directory) holds what was backed up, with \(summary.contents) contents.",
      "Serve it with: stint server --data-dir \(directory)",
    ]
  }

  /// Checks the folder.
  package static func check(_ directory: String, readsContents: Bool) throws -> Report {
    let checkup = try Checkup(directory, readsContents: readsContents)
    let findings = checkup.findings.map { finding -> JSON in
      [
        "check": .string(finding.check), "level": .string(finding.level.rawValue),
        "message": .string(finding.message), "examples": .array(finding.examples.map(JSON.string)),
      ]
    }
    let lines = checkup.findings.flatMap { finding in
      ["\(finding.level.label)  \(finding.check): \(finding.message)"] + finding.examples.map { "         \($0)" }
    }
    let verdict = checkup.isHealthy ? "Nothing is wrong." : "Something is wrong: see the lines that begin with PROBLEM."
    return Report(
      isHealthy: checkup.isHealthy, lines: lines + [verdict],
      json: ["healthy": .bool(checkup.isHealthy), "findings": .array(findings)])
  }
}

extension Checkup.Level {
  fileprivate var label: String {
    switch self {
    case .good: "good   "
    case .warning: "warning"
    case .problem: "PROBLEM"
    }
  }
}
