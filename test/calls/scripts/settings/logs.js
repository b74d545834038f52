module.exports = (agi) => {
  agi.log.warn('cannot reach mysql://web:hunter2@db');
  throw new Error('failed', { cause: new Error('mysql://web:hunter2@db refused') });
};
