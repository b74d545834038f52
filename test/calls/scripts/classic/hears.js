module.exports = async (agi) => {
  let heard = 0;
  for await (const part of agi.audio) await agi.setVariable('so far', (heard += part.length));
  await agi.setVariable('heard', String(heard) + agi.hungUp);
};
