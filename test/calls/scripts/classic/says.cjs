module.exports = (agi) => {
  agi.log.info('hello');
  agi.log.warn('care');
  throw new Error('boom');
};
