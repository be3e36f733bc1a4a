/// A call that tells how long the tasks of some projects ran, and what they had meanwhile.
package protocol UsageEndpoint: Endpoint where Request == ProjectUsage.Request, Response == ProjectUsage.Response {}

extension Organization {
  /// `organization.get_project_usages`
  package enum GetProjectUsages: UsageEndpoint { package static let name = "organization.get_project_usages" }

  /// `organization.get_project_workloads`: what the same was called before.
  package enum GetProjectWorkloads: UsageEndpoint { package static let name = "organization.get_project_workloads" }
}

/// The use that was made of machines.
package enum ProjectUsage {
  package struct Request: Codable, Sendable {
    package var projects: [String]
    package var fromDate: String
    package var toDate: String?
    /// Whether tasks count that no agent ran.
    package var includeDevelopment: Bool?
    package var breakdownKeys: [Key]?
    /// Times alone unless they are given.
    package var usageFields: [Field]?
  }

  /// What the times are added up by.
  package enum Key: String, Codable, Sendable, CaseIterable {
    case project, user, queue
  }

  /// What is added up: seconds, or seconds times the processors or GPUs that a task had.
  package enum Field: String, Codable, Sendable, CaseIterable {
    case duration
    case cpuUsage = "cpu_usage"
    case gpuUsage = "gpu_usage"
  }

  package struct Response: Codable, Sendable {
    package var projects: Usages?
    package var users: Usages?
    package var queues: Usages?

    package init() {}
  }

  /// Times by record.
  package struct Usages: Codable, Sendable {
    package var total: [Total]
    package var series: [Series]

    package init(total: [Total], series: [Series]) { (self.total, self.series) = (total, series) }
  }

  /// A record's time in all, in seconds.
  package struct Total: Codable, Sendable {
    package var id: String
    package var name: String
    package var duration: Int?
    package var cpuUsage: Double?
    package var gpuUsage: Double?
    /// Whether some tasks did not tell what they had, and count as if they had one.
    package var cpuArtificialWeights: Bool?
    package var gpuArtificialWeights: Bool?

    package init(id: String, name: String) { (self.id, self.name) = (id, name) }
  }

  /// A record's times by day, by the day's begin in seconds since 1970.
  package struct Series: Codable, Sendable {
    package var id: String
    package var name: String
    package var dates: [Int]
    package var duration: [Int]?
    package var cpuUsage: [Double]?
    package var gpuUsage: [Double]?
    // Spelled as the protocol has it.
    package var cpuUsageArtificalWeights: Bool?
    package var gpuUsageArtificalWeights: Bool?

    package init(id: String, name: String, dates: [Int]) { (self.id, self.name, self.dates) = (id, name, dates) }
  }
}
