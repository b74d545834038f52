const name = require('others');

module.exports = (agi) => agi.setVariable('ran', name);
