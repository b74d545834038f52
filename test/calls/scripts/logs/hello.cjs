module.exports = (agi) => agi.log.info('hello');
