import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, variableSet, type Peer } from '../support/peer';
import { serveForEach } from '../support/served';
import { isBun, until, type Place, type SuperServer } from '../support/super-server';

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'errors in the log', () => {
  let place: Place;
  let server: SuperServer;
  serveForEach('', (served) => ({ place, server } = served));

  /** The log's lines, without what each begins with. */
  const logged = (): string[] =>
    place
      .log()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) =>
        line.replace(/^\S+ fastagi\[\d+\] /, '').replace(/^(warning|error): .*?: (?=FAILURE|NOTFOUND|FORBIDDEN|caused|  )/, '$1: '),
      );

  async function call(name: string, answer = politeAnswer): Promise<Peer> {
    const peer = openPeer(server.port, environment(name), (line) => answer(line));
    await peer.closed;
    return peer;
  }

  it('lead to the line of the script, and through its own files, without ours', async () => {
    place.use('errors/lib.cjs');
    place.use('errors/plays.cjs');
    const peer = await call('plays.cjs', (line) =>
      line.startsWith('STREAM FILE') ? '200 result=-1 endpos=0\n' : line === 'CHANNEL STATUS' ? '200 result=6\n' : politeAnswer(line),
    );
    const reason = 'STREAM FILE "no-such-sound": Asterisk could not carry it out (200 result=-1 endpos=0)';
    expect(variableSet(peer, 'FASTAGIERROR')).toBe(reason);
    expect(logged()).toEqual([
      `error: FAILURE: CommandError: ${reason}`,
      `error:     at async ${isBun ? '<anonymous>' : 'exports.play'} (${place.basedir}/lib.cjs:2:${isBun ? 13 : 3})`,
      `error:     at async ${isBun ? '<anonymous>' : 'module.exports'} (${place.basedir}/plays.cjs:4:${isBun ? 9 : 3})`,
    ]);
  });

  it.each([
    [
      'an argument',
      `agi.setVariable('X', undefined)`,
      'UsageError: SET VARIABLE: argument 2 is undefined; it must be text or a finite number',
    ],
    ['what a method of ours was given', `agi.menu({ 12: 'x' })`, 'UsageError: menu: "12" is no key; write 0 to 9, *, # or A to D'],
    ['a mistake of JavaScript', `agi.sayIt('x')`, 'TypeError: agi.sayIt is not a function'],
  ])('lead to the line where %s is wrong', async (_what, text, message) => {
    place.script('wrong.mjs', `export default async (agi) => {\n  // what follows is wrong\n  await ${text};\n};\n`);
    await call('wrong.mjs');
    // Bun says more of a mistake of JavaScript.
    expect(logged()[0]?.replace(/\. \(In '.*\)$/, '')).toBe(`error: FAILURE: ${message}`);
    expect(logged().slice(1).join('\n')).toMatch(new RegExp(`^error:     at .*${place.basedir}/wrong\\.mjs:3:\\d+\\)?$`));
  });

  it('tell causes, each sentence once', async () => {
    place.use('errors/causes.mjs');
    await call('causes.mjs');
    const lines = logged();
    expect(lines[0]).toBe('error: FAILURE: Error: it failed: too far');
    expect(lines.filter((line) => line.includes('caused by'))).toEqual(['error: caused by Error: in between']);
    expect(lines.filter((line) => line.includes('too far'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes(`at inner (${place.basedir}/causes.mjs:2:`))).toHaveLength(1);
  });

  it('are told in the source that a person wrote', async () => {
    const map = {
      version: 3,
      sources: ['src/written.ts'],
      sourcesContent: ['// one\n// two\n  throw new Error("mapped");\n'],
      mappings: ';AAEE',
      names: [],
    };
    writeFileSync(join(place.basedir, 'mapped.cjs.map'), JSON.stringify(map));
    place.use('errors/mapped.cjs');
    await call('mapped.cjs');
    expect(logged()).toEqual([
      'error: FAILURE: Error: mapped',
      `error:     at ${isBun ? '<anonymous>' : 'module.exports'} (${place.basedir}/src/written.ts:3:3)`,
    ]);
  });

  it('name file and line of a mistake in the syntax, once', async () => {
    place.use('errors/syntax.mjs');
    const peer = await call('syntax.mjs');
    const reason = `${place.basedir}/syntax.mjs cannot be loaded: SyntaxError: ${isBun ? 'Unexpected ;' : "Unexpected token ';'"} (line 4)`;
    expect(variableSet(peer, 'FASTAGIERROR')).toBe(reason);
    expect(logged()).toEqual([`error: FAILURE: ScriptError: ${reason}`]);
  });

  it('say how a package is installed that a script cannot import', async () => {
    place.use('errors/imports.mjs');
    const peer = await call('imports.mjs');
    expect(variableSet(peer, 'FASTAGIERROR')).toMatch(
      new RegExp(
        `imports\\.mjs cannot be loaded: Error: Cannot find package 'fastagi' .*; install it: cd ${place.basedir} && npm install /\\S+$`,
      ),
    );
    expect(logged()).toHaveLength(1);
  });

  it('of what an operator has to mend have no stack', async () => {
    for (const name of ['missing.js', '../x.js', 'sub']) await call(name);
    expect(logged().map((line) => line.replace(/ .*/, ''))).toEqual(['error:', 'error:', 'error:']);
    writeFileSync(place.config, '[fastagi]\nsetuid = perhaps\n');
    await call('missing.js');
    expect(place.log()).not.toMatch(/^.*    at /m);
  });

  describe('a line for each call', () => {
    const figures = String.raw`\(\d+ ms, (\d+) commands?\)`;
    beforeEach(() => {
      writeFileSync(place.config, readFileSync(place.config, 'utf8').replace('log_calls = false', 'log_calls = true'));
    });

    const line = async (name: string, answer?: (command: string) => string): Promise<string> => {
      await call(name, answer);
      return until(`a line on ${name}`, () => {
        const [found, ...more] = place.log().split('\n').filter((entry) => entry.includes(`PJSIP/100-00000001 ${name}: `)); // prettier-ignore
        expect(more).toEqual([]);
        return found;
      });
    };

    it('names outcome, script, channel, milliseconds and commands', async () => {
      place.use('errors/good.cjs');
      expect(await line('good.cjs')).toMatch(
        new RegExp(`^\\S+ fastagi\\[\\d+\\] PJSIP/100-00000001 good\\.cjs: SUCCESS ${figures.replace('(\\d+) c', '4 c')}$`),
      );
      place.use('errors/gone.cjs');
      expect(
        await line('gone.cjs', (command) => (command.startsWith('WAIT') ? '511 Command Not Permitted\n' : politeAnswer(command))),
      ).toMatch(new RegExp(` gone\\.cjs: HANGUP: the channel is gone: .* ${figures.replace('(\\d+) c', '1 c')}$`));
    });

    it('is the only one where a script is missing or refused', async () => {
      expect(await line('missing.js')).toMatch(
        new RegExp(`error: .* missing\\.js: NOTFOUND: there is no script missing\\.js below \\S+ ${figures}$`),
      );
      expect(await line('../x.js')).toMatch(new RegExp(`error: .* \\.\\./x\\.js: FORBIDDEN: .* ${figures}$`));
    });

    it('counts what a program in another language sends', async () => {
      place.use('errors/old.sh');
      // The probe behind it is one more.
      expect(await line('old.sh')).toMatch(new RegExp(` old\\.sh: SUCCESS ${figures.replace('(\\d+) c', '4 c')}$`));
    });

    it('is left out where the settings say so', async () => {
      writeFileSync(place.config, readFileSync(place.config, 'utf8').replace('log_calls = true', 'log_calls = false'));
      place.use('noop.cjs', 'quiet.cjs');
      await call('quiet.cjs');
      expect(place.log()).toBe('');
    });
  });
});
