import HTTPTypes
import Hummingbird

/// The three doors of a server.
enum Listener: CaseIterable {
  case api, web, files
}

/// What answers at each door. The web door also leads to the others, so that one address is enough for a browser.
struct Listeners: Sendable {
  let api: APIListener
  let files: FilesListener

  func answer(_ listener: Listener) -> @Sendable (Request, Exchange) async -> Response {
    switch listener {
    case .api: { await api.answer($0, path: $0.uri.path[...], context: $1) }
    case .files: { request, _ in await files.answer(request, path: request.uri.path[...]) }
    case .web: { await web($0, $1) }
    }
  }

  private func web(_ request: Request, _ context: Exchange) async -> Response {
    let path = request.uri.path
    if path.hasPrefix("/api/") {
      return await api.answer(request, path: path.dropFirst("/api".count), context: context)
    }
    if path.hasPrefix("/files/") { return await files.answer(request, path: path.dropFirst("/files".count)) }
    return WebPage.answer(request)
  }
}
