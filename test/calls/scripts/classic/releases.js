module.exports = async (agi) => {
  await agi.release();
  await new Promise((resolve) => setTimeout(resolve, 300));
  agi.log.info('went on ' + agi.hungUp);
};
