module.exports = async (agi) => {
  try {
    process.exit(4);
  } finally {
    agi.log.info('finally');
  }
  agi.log.info('behind');
};
