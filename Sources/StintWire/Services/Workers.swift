import StintModel

/// Registered pullers.
package enum Workers {
  /// `workers.get_all`
  package enum GetAll: Endpoint {
    package static let name = "workers.get_all"

    package struct Request: Codable, Sendable {
      package var lastSeen: Int?
      package var tags: [String]?
      package var systemTags: [String]?
      package var workerPattern: String?
      /// Ours: also those that were silent for longer than they said, for a day.
      package var includeLost: Bool?

      package init(
        lastSeen: Int? = nil, tags: [String]? = nil, systemTags: [String]? = nil, workerPattern: String? = nil,
        includeLost: Bool? = nil
      ) {
        (self.lastSeen, self.tags, self.systemTags) = (lastSeen, tags, systemTags)
        (self.workerPattern, self.includeLost) = (workerPattern, includeLost)
      }
    }

    package struct Response: Codable, Sendable {
      package var workers: [JSON]?

      package init(workers: [JSON]? = nil) {
        self.workers = workers
      }
    }
  }

  /// `workers.register`
  package enum Register: Endpoint {
    package static let name = "workers.register"

    package struct Request: Codable, Sendable {
      package var worker: String
      package var timeout: Int?
      package var queues: [String]?
      package var tags: [String]?
      package var systemTags: [String]?
      package var resources: WorkerResources?
      /// Extension `leases`: the claims that the worker knows of, or how their identifiers begin. Others of its own are
      /// given up.
      package var leases: [String]?
      /// Extension `leases`: how the identifiers of the worker's own claims begin.
      package var leasePrefix: String?

      package init(
        worker: String, timeout: Int? = nil, queues: [String]? = nil, tags: [String]? = nil,
        systemTags: [String]? = nil, resources: WorkerResources? = nil, leases: [String]? = nil,
        leasePrefix: String? = nil
      ) {
        (self.worker, self.timeout, self.queues) = (worker, timeout, queues)
        (self.tags, self.systemTags, self.resources) = (tags, systemTags, resources)
        (self.leases, self.leasePrefix) = (leases, leasePrefix)
      }
    }
    package typealias Response = Nothing
  }

  /// `workers.unregister`
  package enum Unregister: Endpoint {
    package static let name = "workers.unregister"

    package struct Request: Codable, Sendable {
      package var worker: String

      package init(worker: String) {
        self.worker = worker
      }
    }
    package typealias Response = Nothing
  }

  /// `workers.status_report`
  package enum StatusReport: Endpoint {
    package static let name = "workers.status_report"

    package struct Request: Codable, Sendable {
      package var worker: String
      package var task: String?
      package var queue: String?
      package var queues: [String]?
      package var timestamp: Int
      package var machineStats: MachineStats?
      package var tags: [String]?
      package var systemTags: [String]?
      /// Ours: what the worker's agent keeps on its disk.
      package var storage: [StorageUsage]?
      /// Ours: the clean-up that was done last.
      package var cleaned: String?
      /// Ours: the hours that the worker's agent was started with, while it is out of them.
      package var outOfHours: String?

      package init(
        worker: String, timestamp: Int, task: String? = nil, queue: String? = nil, queues: [String]? = nil,
        machineStats: MachineStats? = nil, tags: [String]? = nil, systemTags: [String]? = nil
      ) {
        (self.worker, self.task, self.queue) = (worker, task, queue)
        (self.queues, self.timestamp, self.machineStats) = (queues, timestamp, machineStats)
        (self.tags, self.systemTags) = (tags, systemTags)
      }
    }

    package struct Response: Codable, Sendable {
      /// Ours: a clean-up that was ordered.
      package var clean: StorageCleanup?

      package init(clean: StorageCleanup? = nil) { self.clean = clean }
    }
  }

  /// `workers.get_count`
  package enum GetCount: Endpoint {
    package static let name = "workers.get_count"
    package typealias Request = GetAll.Request

    package struct Response: Codable, Sendable {
      package var count: Int?

      package init(count: Int? = nil) { self.count = count }
    }
  }
}
