module.exports = async () => {
  process.exit(3);
};
