/** Something that `fastagi install` puts into the system. Paths are those of the system that it is for. */
export type Change =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly text: string;
      readonly mode: number;
      readonly owner: Owner;
      /** Whether a file that is there already is the user's own, and is left alone. */
      readonly isUsers: boolean;
      /** Other texts of ours: a file with one of them nobody has changed. */
      readonly others?: readonly string[];
      /** Where a file with this text does as well. */
      readonly elsewhere?: string;
    }
  /** A line, or several, in a file of others: behind the line that it belongs below, else at the end. */
  | { readonly kind: 'line'; readonly path: string; readonly line: string; readonly below?: string | undefined }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number; readonly owner: Owner };

/** Names of a user and a group; root's unless given. */
export interface Owner {
  readonly user?: string | undefined;
  readonly group?: string | undefined;
}

/** What a change would do to what is there. */
export type Effect =
  /** It is there already. */
  | { readonly what: 'nothing' }
  | { readonly what: 'adds'; readonly before: string }
  /** Something else is there. */
  | { readonly what: 'replaces'; readonly before: string };
