// The least that a server in one process does: bare node:net on a listening socket, the same lines. bare-server.cjs PORT COMMANDS
const { createServer } = require('node:net');
const [port, commands] = process.argv.slice(2).map(Number);
const last = 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"\n';
createServer((socket) => {
  socket.setNoDelay();
  let environment = '';
  let sent = 0;
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    if (sent === 0) {
      environment += bytes.latin1Slice();
      if (!environment.endsWith('\n\n')) return;
    }
    if (sent > commands) socket.end();
    else socket.write(sent++ < commands ? 'VERBOSE "called" 1\n' : last);
  });
}).listen(port, '127.0.0.1', 4096);
