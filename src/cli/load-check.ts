import { assumeIdentity, chooseIdentity } from '../script/identity';
import { loadScript } from '../script/load';
import { locateScript } from '../script/locate';
import type { ExitStatus } from '../fastagi/exit-status';

/** The child of `fastagi check`: becomes whom the script would run as, and loads it without running it. */
export async function loadCheck(name: string, basedir: string, setuid: boolean): Promise<ExitStatus> {
  try {
    const script = locateScript(name, basedir);
    const identity = chooseIdentity(script, setuid);
    if (identity) assumeIdentity(identity);
    await loadScript(script.path);
    process.send?.({ loads: true });
    return 0;
  } catch (error) {
    process.send?.({ problem: error instanceof Error ? error.message : String(error) });
    return 100;
  }
}
