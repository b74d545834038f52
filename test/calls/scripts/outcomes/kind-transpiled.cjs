exports.__esModule = true;
exports.default = async (agi) => {
  await agi.noop();
};
