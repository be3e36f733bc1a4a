import NIOCore
import NIOHTTPTypes

/// Watches a connection for its caller to hang up while an answer is waited for. Nobody reads from it then, so that no
/// task is needed for each of the many who wait.
final class HangUpHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// Asks the handler to call when the caller has hung up: at once where that is so already.
  struct Watch: Sendable {
    let call: @Sendable () -> Void
  }

  private var watch: Watch?
  private var hasHungUp = false

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    guard let watch = event as? Watch else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    self.watch = watch
    if hasHungUp { watch.call() }
    promise?.succeed(())
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // A caller that sends no more hears no more.
    if event as? ChannelEvent == .inputClosed { hangUp() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    hangUp()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { watch = nil }

  private func hangUp() {
    hasHungUp = true
    watch?.call()
    watch = nil
  }
}

/// Runs `body`, cancelled when the caller on `channel` hangs up.
func untilHangUp<Result: Sendable>(
  on channel: any Channel, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  let task = Task(operation: body)
  channel.triggerUserOutboundEvent(HangUpHandler.Watch { task.cancel() }, promise: nil)
  return try await withTaskCancellationHandler {
    try await task.value
  } onCancel: {
    task.cancel()
  }
}
