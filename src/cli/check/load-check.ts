import { assumeIdentity, type Identity } from '../../serve/process/identity';
import { withoutExperimental } from '../../serve/process/warnings';
import { loadScript } from '../../script/load';
import { locateScript } from '../../script/locate';
import { guardModules } from '../../script/module-guard';
import type { ExitStatus } from '../../ground/exit-status';
import { problemOf, type LoadAnswer } from './scripts';

/** The child of `fastagi check`: becomes whom the script would run as, and loads it without running it. */
export async function loadCheck(name: string, basedir: string, identity: Identity | undefined): Promise<ExitStatus> {
  const answer = await tryLoading(name, basedir, identity);
  process.send?.(answer);
  return answer.status;
}

async function tryLoading(name: string, basedir: string, identity: Identity | undefined): Promise<LoadAnswer> {
  try {
    const script = locateScript(name, basedir);
    if (identity?.uid === 0) guardModules();
    // A Node that refuses to change users was started as this one already.
    else if (identity && process.geteuid?.() === 0) assumeIdentity(identity);
    await withoutExperimental(() => loadScript(script.path));
    return { problem: undefined, status: 0 };
  } catch (error) {
    return problemOf(error);
  }
}
