module.exports = async (agi) => agi.verbose('never answered');
