// What @types/node leaves out.
declare namespace NodeJS {
  interface Process {
    initgroups?(user: string | number, extraGroup: string | number): void;
  }
  interface ProcessFeatures {
    /** `strip` or `transform` where this Node runs TypeScript by itself. */
    readonly typescript?: string | false;
  }
}
