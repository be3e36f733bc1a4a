/// How much an agent keeps of what tasks take in, and of logs: `agent.stint.storage`.
package struct StorageSettings: Sendable, Equatable {
  /// Whether the input models of tasks are fetched before they start.
  package var fetchesModels: Bool
  /// The most bytes that models, data and images take together; nil for no limit.
  package var limit: Int?
  /// For how many days one is kept that no task uses.
  package var unusedDays: Double
  /// The bytes that stay free on the disk.
  package var minimumFree: Int
  /// For how many days logs are kept.
  package var logDays: Double
  /// How large a log grows, in bytes.
  package var logSize: Int
  /// How many older logs are kept beside it.
  package var logFiles: Int

  init(_ read: SettingsReader) throws(SettingsError) {
    func positive(_ key: String, or standard: Double) throws(SettingsError) -> Double {
      max(0, try read.double("agent.stint.storage.\(key)") ?? standard)
    }
    fetchesModels = try read.bool("agent.stint.storage.fetch_models") ?? true
    limit = try read.double("agent.stint.storage.max_size_gb").map { Self.bytes($0, 1e9) }
    unusedDays = try positive("max_unused_days", or: 30)
    minimumFree = Self.bytes(try positive("free_space_threshold_gb", or: 2), 1e9)
    logDays = try positive("log_days", or: 30)
    logSize = max(4096, Self.bytes(try positive("log_size_mb", or: 10), 1_048_576))
    logFiles = Int(min(1000, try positive("log_files", or: 5)))
  }

  private static func bytes(_ amount: Double, _ unit: Double) -> Int { Int(max(0, min(amount * unit, 1e18))) }
}
