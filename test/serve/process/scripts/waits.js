module.exports = async (fastagi) => {
  console.log('the first line of the good one');
  await fastagi.waitForDigit(60_000);
  console.log('the second line of the good one');
  fastagi.log.info('the last line of the good one');
};
