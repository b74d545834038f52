module.exports = async (fastagi) => {
  setTimeout(() => {
    fastagi.log.info('left behind');
    process.exit(7);
  }, 50);
};
