import { openSync, readlinkSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { capture, guardWire, hasTerminal, isJournal, pointAt, pointAtStderr, type Stdio } from '../../../src/serve/process/stdio';

/*
 * Guards its descriptors as the program does, gives 1 and 2 a place, prints on both, takes bytes and sends some. What it found is left in a file.
 */

const [, , report = '', how = '', log = ''] = process.argv;

const linkOf = (descriptor: number): string => readlinkSync(`/proc/self/fd/${descriptor}`);

function place(stdio: Stdio): number | undefined {
  if (how === 'file') pointAt(openSync(log, 'r'), stdio);
  if (how === 'stderr') pointAtStderr(stdio);
  return how === 'capture' ? capture(stdio) : undefined;
}

function readAll(descriptor: number): string {
  const bytes = Buffer.alloc(1000);
  return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, bytes.length, 0));
}

const journal = isJournal();
const stdio = guardWire();
let problem: string | undefined;
let captured: number | undefined;
try {
  captured = place(stdio);
} catch (error) {
  problem = (error as Error).message;
}
const bytes = Buffer.alloc(100);
const received = bytes.toString('latin1', 0, readSync(stdio.input, bytes));
writeSync(stdio.output, 'sent\n');
for (const descriptor of [1, 2]) if (descriptor !== stdio.output) writeSync(descriptor, `printed on ${descriptor}\n`);
const links = [0, 1, 2].map(linkOf);
const held = captured === undefined ? undefined : { descriptor: captured, text: readAll(captured) };
writeFileSync(report, JSON.stringify({ stdio, links, received, journal, terminal: hasTerminal(), problem, held }));
