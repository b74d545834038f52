exports.play = async (agi, file) => {
  await agi.streamFile(file);
};
