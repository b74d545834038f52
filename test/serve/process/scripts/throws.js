module.exports = async () => {
  throw new Error('thrown');
};
