export interface Tracing {
  /** Sends what has been collected and not been sent yet; waits for a collector that does not answer no longer than 5 s. */
  stop(): Promise<void>;
}
