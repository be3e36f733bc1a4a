import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import StintStore
import StintWire

/// What operators and their programs ask of a server: whether it lives, whether it can serve, and what it does.
struct StatusRoutes: Sendable {
  let services: Services
  let authentication: Authentication
  let metrics: MetricsPage
  /// Opens `/metrics` and nothing else; nil where everybody may read that.
  let metricsToken: String?

  /// The answer to `path`, or nil where it is none of these.
  func answer(_ request: Request, path: String, _ context: Exchange) async -> Response? {
    switch path {
    case "/health":
      context.findings.note(endpoint: "health")
      return .json(["status": "ok"])
    case "/ready":
      context.findings.note(endpoint: "ready")
      return await readiness()
    case "/metrics":
      context.findings.note(endpoint: "metrics")
      return await metrics(request)
    default: return nil
    }
  }

  /// Whether requests can be answered: the records can be read.
  private func readiness() async -> Response {
    do {
      _ = try await services.store.read { try $0.count(.queues) }
      return .json(["status": "ready"])
    } catch {
      return .json(["status": "not ready", "reason": .string("\(error)")], status: .serviceUnavailable)
    }
  }

  private func metrics(_ request: Request) async -> Response {
    do {
      guard try await mayReadMetrics(request.headers) else {
        return .text(
          "give the token in metrics.token of the data folder, or an administrator's key, to read this",
          status: .unauthorized)
      }
      return Response(
        status: .ok, headers: [.contentType: PrometheusText.contentType],
        body: .init(byteBuffer: ByteBuffer(string: try await metrics.text())))
    } catch let error as WireError {
      return .text(error.message, status: .init(code: error.code))
    } catch {
      services.logger.error("the metrics cannot be told", metadata: ["error": "\(error)"])
      return .text("see the server's log", status: .internalServerError)
    }
  }

  private func mayReadMetrics(_ headers: HTTPFields) async throws -> Bool {
    guard let metricsToken else { return true }
    if constantTimeEqual(headers[.authorization] ?? "", "Bearer \(metricsToken)") { return true }
    return try await authentication.identity(of: headers)?.role == .admin
  }
}
