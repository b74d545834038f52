import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCallLog, type LogState } from '../../../src/serve/process/log';
import { until } from '../../support/super-server';

let dir: string;
let captured: number;
let path: string | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-log-'));
  captured = openSync(join(dir, 'captured'), 'a+');
  // The system's logger, in whose place this one writes down what it is given and what it is told.
  writeFileSync(join(dir, 'logger'), `#!/bin/sh\n{ echo "options $*"; cat; } >> ${dir}/syslog\n`, { mode: 0o755 });
  path = process.env['PATH'];
  process.env['PATH'] = `${dir}:${path}`;
});
afterEach(() => {
  process.env['PATH'] = path;
  closeSync(captured);
  rmSync(dir, { recursive: true, force: true });
});

const state = (more: Partial<LogState> = {}): LogState => ({
  stamped: false,
  toSyslog: true,
  captured,
  handedOver: 0,
  unsent: [],
  ...more,
});
const syslog = (): string[] => readFileSync(join(dir, 'syslog'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('options')); // prettier-ignore

describe('a log to syslog', () => {
  it('hands lines to logger, each with its priority and the label', () => {
    const log = createCallLog(state());
    log.info('before');
    log.label('PJSIP/1 x.js');
    log.info('told\nin two lines');
    log.warn('careful');
    log.error('password=hunter2 \x1b[31m');
    log.finish();
    expect(syslog()).toEqual([
      '<30>before',
      '<30>PJSIP/1 x.js: told',
      '<30>PJSIP/1 x.js: in two lines',
      '<28>warning: PJSIP/1 x.js: careful',
      '<27>error: PJSIP/1 x.js: password=**** \\x1b[31m',
    ]);
    expect(readFileSync(join(dir, 'syslog'), 'utf8')).toContain(`options --prio-prefix -t fastagi[${process.pid}]`);
  });

  it('hands on by itself what was said, before the end', async () => {
    createCallLog(state()).info('soon');
    await until('the line', () => {
      try {
        return syslog().includes('<30>soon');
      } catch {
        return false;
      }
    });
  });

  it('hands on also those that a script has erased; what is behind them may come twice', () => {
    const log = createCallLog(state());
    log.info('one');
    ftruncateSync(captured, 0);
    log.info('two');
    log.finish();
    expect(new Set(syslog())).toEqual(new Set(['<30>one', '<30>two']));
  });

  it('goes on where the process before it was', () => {
    const first = createCallLog(state());
    first.info('said before');
    const handed = first.handOver();
    first.finish();
    expect(handed.unsent).toEqual(['said before\n']);
    const second = createCallLog(handed);
    second.info('said then');
    second.finish();
    expect(syslog()).toEqual(['<30>said before', '<30>said then']);
  });

  it('cuts a label that is too long', () => {
    const log = createCallLog(state());
    log.label('x'.repeat(300));
    log.info('y');
    log.finish();
    expect(syslog()).toEqual([`<30>${'x'.repeat(200)}...: y`]);
  });
});
