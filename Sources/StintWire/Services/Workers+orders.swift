import StintModel

extension Workers {
  /// `workers.order`, ours: changes what a worker takes. What is not named stays as it is; an empty list or text takes
  /// an order back.
  package enum Order: Endpoint {
    package static let name = "workers.order"

    package struct Request: Codable, Sendable {
      package var worker: String
      package var orders: WorkerOrders

      package init(worker: String, orders: WorkerOrders) {
        (self.worker, self.orders) = (worker, orders)
      }
    }

    package struct Response: Codable, Sendable {
      /// The worker's orders now.
      package var orders: WorkerOrders?

      package init(orders: WorkerOrders? = nil) {
        self.orders = orders
      }
    }
  }
}
