module.exports = () => {
  setTimeout(() => process.exit(7), 1);
  return new Promise(() => undefined);
};
