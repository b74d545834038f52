const { EventEmitter } = require('node:events');

module.exports = async (fastagi) => {
  const emitter = new EventEmitter();
  emitter.on('event', () => {
    throw new Error('thrown in a handler');
  });
  await fastagi.verbose('one');
  setImmediate(() => emitter.emit('event'));
  await new Promise(() => undefined);
};
