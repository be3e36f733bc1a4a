import StintModel
import StintStore
import StintWire

extension Services {
  func addWorkerOrders(to api: inout API) {
    api.on(Workers.Order.self, roles: [.admin, .superuser]) { request, call in
      guard !request.worker.isEmpty else { throw WireError(.invalidWorkerID, "worker=") }
      let orders = try await transact(call) { transaction in
        for queue in request.orders.queues ?? [] { _ = try transaction.records.queue(queue) }
        for type in request.orders.types ?? [] where TaskType(rawValue: type) == nil {
          throw WireError(FieldError.notAChoice(path: ["orders", "types"], value: type))
        }
        if let hours = request.orders.hours, WorkingHours(hours) == nil {
          throw WireError(.validation, "'\(hours.prefix(64))' are no hours, as '8-18 MON-FRI': field=orders.hours")
        }
        if let days = request.orders.clean?.unusedDays, !(0...100_000 ~= days) {
          throw WireError(FieldError.outOfRange(path: ["orders", "clean", "unused_days"], range: "0 to 100000"))
        }
        if let bytes = request.orders.clean?.keepBytes, bytes < 0 {
          throw WireError(FieldError.outOfRange(path: ["orders", "clean", "keep_bytes"], range: "0 or more"))
        }
        var orders = try transaction.records.orders(ofWorker: request.worker)
        orders.change(by: request.orders)
        try transaction.records.setOrders(orders, ofWorker: request.worker)
        return orders
      }
      queueSignal.ring(Self.signalKey(ofWorker: request.worker), .all)
      return .init(orders: orders)
    }
  }

  /// The clean-up that a worker still has to do; one that it tells to have done is not ordered any more.
  func cleanup(for report: Workers.StatusReport.Request, _ call: Call) async throws -> StorageCleanup? {
    let orders = try await store.read { try $0.orders(ofWorker: report.worker) }
    guard let clean = orders.clean, let done = report.cleaned, clean.id == done else { return orders.clean }
    return try await transact(call) { transaction in
      var orders = try transaction.records.orders(ofWorker: report.worker)
      if orders.clean?.id == done { orders.clean = nil }
      try transaction.records.setOrders(orders, ofWorker: report.worker)
      return orders.clean
    }
  }

  /// What wakes a worker that waits for a task when its orders change.
  static func signalKey(ofWorker id: String) -> String { "worker/\(id)" }
}

extension Records {
  /// What was ordered for a worker.
  func orders(ofWorker id: String) throws -> WorkerOrders {
    try get(.settings, id: Self.ordersID(id))?["orders"]?.decode() ?? WorkerOrders()
  }

  fileprivate func setOrders(_ orders: WorkerOrders, ofWorker id: String) throws {
    if orders == WorkerOrders() {
      try delete(.settings, id: Self.ordersID(id))
    } else {
      try put(.settings, ["id": .string(Self.ordersID(id)), "orders": try JSON(encoding: orders)])
    }
  }

  private static func ordersID(_ worker: String) -> String { "worker_orders/\(worker)" }
}

extension WorkerOrders {
  fileprivate mutating func change(by other: WorkerOrders) {
    if let mode = other.mode { self.mode = mode == .enabled ? nil : mode }
    if let name = other.name { self.name = name.isEmpty ? nil : name }
    if let queues = other.queues { self.queues = queues.isEmpty ? nil : queues }
    if let types = other.types { self.types = types.isEmpty ? nil : types }
    if var clean = other.clean {
      clean.id = randomIdentifier()
      self.clean = clean
    }
    if let hours = other.hours { self.hours = hours.isEmpty ? nil : hours }
  }
}
