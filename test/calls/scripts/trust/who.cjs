module.exports = (agi) => agi.setVariable('ran', `who ${process.getuid()} ${process.getgid()}`);
