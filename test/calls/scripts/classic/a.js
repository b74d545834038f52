module.exports = async (agi) => {
  console.log('noise');
  require('fs').writeSync(1, 'noise');
  await agi.setVariable('got', JSON.stringify(agi.args));
};
