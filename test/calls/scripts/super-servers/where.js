module.exports = async (agi) => {
  console.log('a line for the log');
  console.error('another');
  await agi.setVariable('ran', 'yes');
};
