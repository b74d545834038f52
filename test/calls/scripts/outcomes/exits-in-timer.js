module.exports = () => {
  setTimeout(() => process.exit(4), 10);
  return new Promise(() => 0);
};
