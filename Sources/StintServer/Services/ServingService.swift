import StintModel
import StintWire
import Synchronization

/// Which containers serve models now. They live in memory, until they are silent for too long: after a restart of the
/// server their next report registers them anew.
final class ServingRegistry: Sendable {
  fileprivate struct Instance: Sendable {
    var container: Serving.Container
    var timeout: Int
    let registered: Timestamp
    var lastReport: Timestamp
  }

  private static let defaultTimeout = 600

  private let instances = Mutex<[String: Instance]>([:])
  let history = ServingHistory()

  init() {}

  /// A container tells of itself.
  func note(_ container: Serving.Container) {
    let now = Timestamp.now
    history.add(container)
    instances.withLock { instances in
      let known = instances[container.containerId]
      instances[container.containerId] = Instance(
        container: container, timeout: container.timeout ?? known?.timeout ?? Self.defaultTimeout,
        registered: known?.registered ?? now, lastReport: now)
    }
  }

  /// A container tells that it leaves. False where nobody knows it.
  func remove(_ id: String) -> Bool { instances.withLock { $0.removeValue(forKey: id) != nil } }

  /// The containers that are alive, in the order of their names.
  fileprivate func alive() -> [Instance] {
    let now = Timestamp.now
    return instances.withLock { instances in
      instances = instances.filter { $0.value.lastReport.seconds(to: now) <= $0.value.timeout }
      return instances.values.sorted { $0.container.containerId < $1.container.containerId }
    }
  }
}

extension Services {
  func addServing(to api: inout API) {
    api.on(Serving.RegisterContainer.self) { request, _ in
      serving.note(request)
      return .init()
    }
    api.on(Serving.ContainerStatusReport.self) { request, _ in
      serving.note(request)
      return .init()
    }
    api.on(Serving.UnregisterContainer.self) { request, _ in
      guard serving.remove(request.containerId) else {
        throw WireError(
          code: 400, subcode: 1051, message: "Container is not registered: container_id=\(request.containerId)")
      }
      return .init()
    }
    api.on(Serving.GetEndpoints.self) { _, _ in
      let byURL = Dictionary(grouping: serving.alive().filter(\.isServing)) { $0.container.endpointUrl ?? "" }
      return .init(endpoints: byURL.sorted { $0.key < $1.key }.map { ServedAddress(instances: $0.value).summary })
    }
    api.on(Serving.GetLoadingInstances.self) { _, _ in
      .init(instances: serving.alive().filter { !$0.isServing }.map(\.loading))
    }
    api.on(Serving.GetEndpointDetails.self) { request, _ in
      let instances = serving.alive().filter { $0.container.endpointUrl == request.endpointUrl }
      guard !instances.isEmpty else {
        throw WireError(
          code: 400, subcode: 1052, message: "No containers for url: endpoint_url=\(request.endpointUrl)")
      }
      return ServedAddress(instances: instances).details
    }
  }
}

extension ServingRegistry.Instance {
  fileprivate var isServing: Bool { container.endpointUrl?.isEmpty == false }

  /// What is served, and from what.
  fileprivate var model: JSON {
    var model: JSON = ["endpoint": .string(container.endpointName), "model": .string(container.modelName)]
    let others = [
      "url": container.endpointUrl, "model_source": container.modelSource, "model_version": container.modelVersion,
      "preprocess_artifact": container.preprocessArtifact, "input_type": container.inputType,
      "input_size": container.inputSize,
    ]
    for (name, value) in others { model[name] = value.map(JSON.string) }
    return model
  }

  fileprivate var loading: JSON {
    model.merging([
      "id": .string(container.containerId), "uptime_sec": .number(container.uptimeSec ?? 0),
      "last_update": .string(lastReport.text), "age_sec": .number(registered.seconds(to: .now)),
    ])
  }

  fileprivate var statistics: JSON {
    let (cores, GPUs) = (container.machineStats?.cpuUsage, container.machineStats?.gpuUsage)
    let references = (container.reference ?? []).map { reference -> JSON in
      ["type": .string(reference.type.rawValue), "value": .string(reference.value)]
    }
    return [
      "id": .string(container.containerId), "uptime_sec": .number(container.uptimeSec ?? 0),
      "requests": .number(container.requests), "requests_min": .double(container.requestsMin ?? 0),
      "latency_ms": .number(container.latency), "last_update": .string(lastReport.text),
      "cpu_count": .number(cores?.count ?? 0), "gpu_count": .number(GPUs?.count ?? 0),
      "reference": .array(references),
    ]
  }
}

extension Serving.Container {
  // Bounded, so that sums over containers fit.
  fileprivate var latency: Int { Int(min(max(0, latencyMs ?? 0), 1e9)) }
  fileprivate var requests: Int { min(max(0, requestsNum ?? 0), 1 << 40) }
}

/// The containers behind one address; there is at least one.
private struct ServedAddress {
  let instances: [ServingRegistry.Instance]

  private var oldestUptime: Int { instances.compactMap(\.container.uptimeSec).max() ?? 0 }
  private var lastUpdate: JSON { instances.map(\.lastReport).max().map { .string($0.text) } ?? .null }

  var summary: JSON {
    let latencies = instances.map(\.container.latency)
    return (instances.first?.model ?? [:]).merging([
      "instances": .number(instances.count), "uptime_sec": .number(oldestUptime),
      "requests": .number(instances.reduce(0) { $0 + $1.container.requests }),
      "requests_min": .double(instances.reduce(0) { $0 + ($1.container.requestsMin ?? 0) }),
      "latency_ms": .number(latencies.reduce(0, +) / max(1, latencies.count)), "last_update": lastUpdate,
    ])
  }

  var details: JSON {
    (instances.first?.model ?? [:]).merging([
      "uptime_sec": .number(oldestUptime), "last_update": lastUpdate,
      "instances": .array(instances.map(\.statistics)),
    ])
  }
}
