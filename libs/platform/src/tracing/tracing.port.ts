export interface Tracing {
  /** Sends the remaining spans; waits at most 5 s for the collector. */
  stop(): Promise<void>;
}
