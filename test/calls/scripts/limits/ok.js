module.exports = async (agi) => agi.setVariable('served', '1');
