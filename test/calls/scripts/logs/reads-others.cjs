const { ftruncateSync, readdirSync, readFileSync, truncateSync } = require('node:fs');

const logs = `${__dirname}/../logs`;

/** Empties its own log, and tries to read and to empty those of all others. */
module.exports = (agi) => {
  agi.log.info('of mallory');
  ftruncateSync(2);
  for (const name of readdirSync(logs).filter((file) => file !== `${process.getuid()}.log`)) {
    try {
      readFileSync(`${logs}/${name}`);
      agi.log.info(`read ${name}`);
    } catch {}
    try {
      truncateSync(`${logs}/${name}`);
      agi.log.info(`emptied ${name}`);
    } catch {}
  }
};
