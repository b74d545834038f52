module.exports = (agi) => agi.setVariable('ran', `mallory ${process.getuid()} ${process.getgid()}`);
