module.exports = async (agi) => {
  await agi.noop('ready');
  try {
    await new Promise((resolve) => (agi.signal.aborted ? resolve() : agi.signal.addEventListener('abort', resolve)));
    await agi.streamFile('x');
  } catch (error) {
    await agi.setVariable('thrown', error.code);
  }
};
