export default async (agi) => {
  try {
    await agi.receiveChar(10);
  } catch (error) {
    await agi.setVariable('seen', error.code + agi.hungUp);
  }
};
