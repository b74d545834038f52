// What @types/node leaves out.
declare namespace NodeJS {
  interface Process {
    /** Replaces this process by another program; Node 22.15 and later. Aborts where it cannot. */
    execve?(file: string, args: readonly string[], env: NodeJS.ProcessEnv): void;
    initgroups?(user: string | number, extraGroup: string | number): void;
  }
  interface ProcessFeatures {
    /** `strip` or `transform` where this Node runs TypeScript by itself. */
    readonly typescript?: string | false;
  }
}
