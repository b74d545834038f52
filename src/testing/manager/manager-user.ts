import { permissions } from '../../manager/wire/permissions';

/** A user of manager.conf. */
export interface ManagerUser {
  readonly secret: string;
  /** The classes of events that it gets; all unless given. */
  readonly read?: readonly string[];
  /** The classes of actions that it may do; all unless given. */
  readonly write?: readonly string[];
}

/** Whether a user may do an action: one of its classes is enough. */
export function mayDo({ write }: ManagerUser, action: string): boolean {
  if (!write) return true;
  const needed = classesOf(action);
  return needed === undefined || needed.some((one) => write.includes(one));
}

/** As ListCommands prints it: `call,all`. */
export function privilegeOf(action: string): string {
  return [...(classesOf(action) ?? []), 'all'].join(',').replace(/^all$/, '<none>');
}

/** Undefined if everybody may do it. */
function classesOf(action: string): string[] | undefined {
  const needed = [...permissions].find(([name]) => name.toLowerCase() === action.toLowerCase())?.[1];
  return needed?.split(/, | or /);
}
