/// A named value on a queue or model.
package struct MetadataItem: Codable, Sendable {
  package var key: String?
  package var type: String?
  package var value: String?

  package init(key: String? = nil, type: String? = nil, value: String? = nil) {
    (self.key, self.type, self.value) = (key, type, value)
  }
}

/// A machine's load: percent, MB, MB/s, degrees Celsius.
package struct MachineStats: Codable, Sendable {
  package var cpuUsage: [Double]?
  package var gpuUsage: [Double]?
  package var memoryUsed: Double?
  package var memoryFree: Double?
  package var gpuMemoryFree: [Double]?
  package var gpuMemoryUsed: [Double]?
  package var networkTx: Double?
  package var networkRx: Double?
  package var diskFreeHome: Double?
  package var diskFreeTemp: Double?
  package var diskRead: Double?
  package var diskWrite: Double?
  package var cpuTemperature: [Double]?
  package var gpuTemperature: [Double]?
  /// How much of each GPU the worker has, from 0 to 1.
  package var gpuFraction: [Double]?
  /// Beyond the protocol: what the GPUs are.
  package var gpuNames: [String]?
  /// Beyond the protocol: what computes on the GPUs, whoever started it.
  package var gpuProcesses: [GPUProcess]?

  package init(
    cpuUsage: [Double]? = nil, gpuUsage: [Double]? = nil, memoryUsed: Double? = nil, memoryFree: Double? = nil,
    gpuMemoryFree: [Double]? = nil, gpuMemoryUsed: [Double]? = nil, networkTx: Double? = nil,
    networkRx: Double? = nil, diskFreeHome: Double? = nil, diskFreeTemp: Double? = nil, diskRead: Double? = nil,
    diskWrite: Double? = nil, cpuTemperature: [Double]? = nil, gpuTemperature: [Double]? = nil
  ) {
    (self.cpuUsage, self.gpuUsage, self.memoryUsed) = (cpuUsage, gpuUsage, memoryUsed)
    (self.memoryFree, self.gpuMemoryFree, self.gpuMemoryUsed) = (memoryFree, gpuMemoryFree, gpuMemoryUsed)
    (self.networkTx, self.networkRx, self.diskFreeHome) = (networkTx, networkRx, diskFreeHome)
    (self.diskFreeTemp, self.diskRead, self.diskWrite) = (diskFreeTemp, diskRead, diskWrite)
    (self.cpuTemperature, self.gpuTemperature) = (cpuTemperature, gpuTemperature)
  }
}

/// A process that computes on a GPU.
package struct GPUProcess: Codable, Sendable, Hashable {
  package var gpu: Int
  package var pid: Int
  package var name: String?
  package var user: String?
  /// In megabytes.
  package var memoryUsed: Double?

  package init(gpu: Int, pid: Int, name: String? = nil, user: String? = nil, memoryUsed: Double? = nil) {
    (self.gpu, self.pid, self.name, self.user, self.memoryUsed) = (gpu, pid, name, user, memoryUsed)
  }
}

/// How much of a machine a worker has.
package struct WorkerResources: Codable, Sendable {
  package var cpuUsage: Double?
  package var gpuUsage: Double?
}

/// A metric and some of its variants.
package struct MetricVariants: Codable, Sendable {
  package var metric: String?
  package var variants: [String]?

  package init(metric: String? = nil, variants: [String]? = nil) {
    (self.metric, self.variants) = (metric, variants)
  }
}

/// A metric of a task and some of its variants.
package struct TaskMetricVariants: Codable, Sendable {
  package var task: String
  package var metric: String?
  package var variants: [String]?

  package init(task: String, metric: String? = nil, variants: [String]? = nil) {
    (self.task, self.metric, self.variants) = (task, metric, variants)
  }
}

/// A metric of a task.
package struct TaskMetric: Codable, Sendable {
  package var task: String
  package var metric: String?

  package init(task: String, metric: String? = nil) {
    (self.task, self.metric) = (task, metric)
  }
}

/// An access key, without its secret.
package struct CredentialKey: Codable, Sendable {
  package var accessKey: String?
  package var label: String?
  package var lastUsed: String?
  package var lastUsedFrom: String?

  package init(accessKey: String? = nil, label: String? = nil, lastUsed: String? = nil, lastUsedFrom: String? = nil) {
    (self.accessKey, self.label, self.lastUsed) = (accessKey, label, lastUsed)
    self.lastUsedFrom = lastUsedFrom
  }
}

/// An access key and its secret.
package struct Credentials: Codable, Sendable {
  package var accessKey: String?
  package var secretKey: String?
  package var label: String?

  package init(accessKey: String? = nil, secretKey: String? = nil, label: String? = nil) {
    (self.accessKey, self.secretKey, self.label) = (accessKey, secretKey, label)
  }
}

/// A task in a queue.
package struct QueueEntryItem: Codable, Sendable {
  package var task: String?
  package var added: String?

  package init(task: String? = nil, added: String? = nil) {
    (self.task, self.added) = (task, added)
  }
}
