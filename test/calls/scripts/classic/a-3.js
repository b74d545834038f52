module.exports = async (agi) => {
  await agi.log.info(agi.request.agi_context);
};
