/** How bin/fastagi loaded the program. */
export interface Start {
  /** Whether V8 took the code that `fastagi prepare` kept for this Node. */
  readonly isPrepared: boolean;
}
