module.exports = async (fastagi) => {
  await fastagi.verbose('one');
  process.exit(7);
};
