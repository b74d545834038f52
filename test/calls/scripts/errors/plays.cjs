const { play } = require('./lib.cjs');

module.exports = async (agi) => {
  await play(agi, 'no-such-sound');
};
