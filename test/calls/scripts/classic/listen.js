module.exports = async (agi) => {
  let bytes = 0;
  for await (const chunk of agi.audio) bytes += chunk.length;
  await agi.setVariable('bytes', bytes);
};
