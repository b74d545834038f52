module.exports = (agi) => agi.log.info('of alice');
