import HTTPTypes
import Hummingbird

/// The three doors of a server.
enum Listener: String, CaseIterable {
  case api, web, files
}

/// What answers at each door. The web door also leads to the others, so that one address is enough for a browser.
struct Listeners: Sendable {
  let status: StatusRoutes
  let api: APIListener
  let files: FilesListener

  func answer(_ listener: Listener) -> @Sendable (Request, Exchange) async -> Response {
    switch listener {
    case .api: { await answerAPI($0, path: $0.uri.path[...], $1) }
    case .files: { await files.answer($0, path: $0.uri.path[...], context: $1) }
    case .web: { await web($0, $1) }
    }
  }

  private func answerAPI(_ request: Request, path: Substring, _ context: Exchange) async -> Response {
    if let answer = await status.answer(request, path: String(path), context) { return answer }
    return await api.answer(request, path: path, context: context)
  }

  private func web(_ request: Request, _ context: Exchange) async -> Response {
    let path = request.uri.path
    if path.hasPrefix("/api/") {
      return await answerAPI(request, path: path.dropFirst("/api".count), context)
    }
    if path.hasPrefix("/files/") {
      return await files.answer(request, path: path.dropFirst("/files".count), context: context)
    }
    context.findings.note(endpoint: "page")
    let session = WebPage.isDocument(request) ? await api.session(of: request, context) : nil
    return WebPage.answer(request, session: session)
  }
}
