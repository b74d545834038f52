// A manager that costs as little as can be: it lets everybody in, answers each action at once, and sends a burst of events for the action Burst.
import { createServer } from 'node:net';

/** As Asterisk 22 writes a channel's new state. */
const event = (index) =>
  `Event: Newstate\r\nPrivilege: call,all\r\nChannel: PJSIP/100-${String(index).padStart(8, '0')}\r\nChannelState: 6\r\nChannelStateDesc: Up\r\nCallerIDNum: 100\r\nCallerIDName: Ann Example\r\nConnectedLineNum: <unknown>\r\nConnectedLineName: <unknown>\r\nLanguage: en\r\nAccountCode: \r\nContext: default\r\nExten: 123\r\nPriority: 2\r\nUniqueid: 1795531123.${index}\r\nLinkedid: 1795531123.${index}\r\n\r\n`;
const bursts = new Map();

const server = createServer((socket) => {
  let held = '';
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.write('Asterisk Call Manager/11.0.0\r\n');
  socket.on('data', (bytes) => {
    held += bytes.toString('latin1');
    let answers = '';
    for (let end = held.indexOf('\r\n\r\n'); end >= 0; end = held.indexOf('\r\n\r\n')) {
      const action = held.slice(0, end);
      held = held.slice(end + 4);
      const name = /^action: *(\S+)/im.exec(action)?.[1]?.toLowerCase();
      const id = /^actionid: *(\S+)/im.exec(action)?.[1];
      const count = Number(/^count: *(\d+)/im.exec(action)?.[1]);
      answers += `Response: Success\r\n${id === undefined ? '' : `ActionID: ${id}\r\n`}${name === 'challenge' ? 'Challenge: 1\r\n' : ''}Message: Authentication accepted\r\nAsteriskVersion: 22.10.1\r\n\r\n`;
      if (name === 'login') answers += 'Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n';
      if (name === 'burst') {
        if (!bursts.has(count)) bursts.set(count, Buffer.from(Array.from({ length: count }, (_, index) => event(index)).join('')));
        socket.write(answers);
        answers = '';
        socket.write(bursts.get(count));
      }
    }
    if (answers !== '') socket.write(answers);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
