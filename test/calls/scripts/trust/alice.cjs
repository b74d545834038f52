module.exports = (agi) => agi.setVariable('ran', `alice ${process.getuid()} ${process.getgid()}`);
