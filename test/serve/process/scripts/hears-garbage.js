module.exports = async (fastagi) => {
  await fastagi.receiveText(60_000);
};
