module.exports = (agi) =>
  agi.setVariable(
    'env',
    Object.keys(process.env).sort().join() + ' ' + require('child_process').execSync('env').toString().split('\n').length,
  );
