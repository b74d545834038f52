// The floor: the same exchange with nothing but synchronous reads and writes.
const { readSync, writeSync } = require('node:fs');
const buffer = Buffer.allocUnsafe(65536);
const read = () => buffer.latin1Slice(0, readSync(0, buffer, 0, buffer.length, null));
let environment = '';
while (!environment.endsWith('\n\n')) environment += read();
for (const line of ['VERBOSE "called" 1\n', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"\n']) {
  writeSync(1, line);
  read();
}
process.exit(0);
