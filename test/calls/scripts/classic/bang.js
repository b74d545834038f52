#!/usr/bin/env -S fastagi run
module.exports = async (agi) => agi.setVariable('got', agi.args[0]);
