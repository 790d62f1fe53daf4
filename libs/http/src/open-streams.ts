/** Answers that stay open, such as server-sent events. The API ends them before its server closes. */
export class OpenStreams extends Set<{ end(): unknown }> {
  /** Ends every one. Its client comes back, to another replica, with its `Last-Event-ID`. */
  endAll(): void {
    for (const stream of this) stream.end();
  }
}
