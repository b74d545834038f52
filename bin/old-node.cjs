// Loaded by bin/fastagi in place of the program, under a Node that cannot run it: the caller's dialplan and console learn why.
'use strict';
const fs = require('fs');

const why =
  `fastagi needs Node 20.19, 22.12 or later, and ${process.execPath} is Node ${process.versions.node}: install a later one, ` +
  'or name one in the service file (server = /path/to/node, server_args = /path/to/fastagi)';
const operatorsMistake = 100;
/** In ms: for each line of Asterisk's. */
const patience = 5000;

const isCall = !fs.fstatSync(0).isCharacterDevice() && !process.argv.some((word) => word === 'check' || word === 'prepare');
if (isCall) tellAsterisk();
else {
  process.stderr.write(`${why}\n`);
  process.exitCode = operatorsMistake;
}

function tellAsterisk() {
  // Under a super-server the connection is on both; Asterisk itself gives a pipe on each.
  const input = 0;
  const output = 1;
  const text = why.replace(/[\\"]/g, '\\$&');
  const commands = [`SET VARIABLE "FASTAGISTATUS" "FAILURE"\n`, `SET VARIABLE "FASTAGIERROR" "${text}"\n`, `VERBOSE "${text}" 1\n`];
  const buffer = Buffer.alloc(65536);
  let came = '';
  let end = '\n\n';
  let timer;

  read();

  function read() {
    clearTimeout(timer);
    timer = setTimeout(finish, patience);
    fs.read(input, buffer, 0, buffer.length, null, (error, length) => {
      if (error && error.code === 'EAGAIN') setTimeout(read, 5);
      else if (error || length === 0) finish();
      else take(buffer.toString('latin1', 0, length));
    });
  }

  function take(bytes) {
    came += bytes;
    for (let at = came.indexOf(end); at >= 0; at = came.indexOf(end)) {
      came = came.slice(at + end.length);
      end = '\n';
      if (commands.length === 0) return finish();
      try {
        fs.writeSync(output, commands.shift());
      } catch {
        return finish();
      }
    }
    // Only what may be the beginning of the end is of interest.
    came = came.slice(-1);
    read();
  }

  function finish() {
    // An exit would wait for the thread that reads.
    fs.closeSync(input);
    if (commands.length > 0) process.kill(process.pid, 'SIGKILL');
    process.exit(operatorsMistake);
  }
}
