// Bare CommonJS that reads with node:net.
const { Socket } = require('node:net');
const socket = new Socket({ fd: 0 });
const lines = ['VERBOSE "called" 1\n', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"\n'];
let environment = '';
socket.on('data', (data) => {
  if (!environment.endsWith('\n\n')) {
    environment += data.latin1Slice();
    if (!environment.endsWith('\n\n')) return;
  }
  const line = lines.shift();
  if (line) socket.write(line);
  else process.exit(0);
});
