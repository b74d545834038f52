module.exports = async () => {
  throw new Error('mapped');
};
//# sourceMappingURL=mapped.cjs.map
