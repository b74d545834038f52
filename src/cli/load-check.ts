import { assumeIdentity, chooseIdentity } from '../script/identity';
import { loadScript } from '../script/load';
import { locateScript } from '../script/locate';
import type { ExitStatus } from '../fastagi/exit-status';
import { problemOf, type LoadAnswer } from './check-scripts';

/** The child of `fastagi check`: becomes whom the script would run as, and loads it without running it. */
export async function loadCheck(name: string, basedir: string, setuid: boolean): Promise<ExitStatus> {
  const answer = await tryLoading(name, basedir, setuid);
  process.send?.(answer);
  return answer.status;
}

async function tryLoading(name: string, basedir: string, setuid: boolean): Promise<LoadAnswer> {
  try {
    const script = locateScript(name, basedir);
    const identity = chooseIdentity(script, setuid);
    if (identity) assumeIdentity(identity);
    await loadScript(script.path);
    return { problem: undefined, status: 0 };
  } catch (error) {
    return problemOf(error);
  }
}
