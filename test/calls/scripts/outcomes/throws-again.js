module.exports = () => {
  throw new Error('boom');
};
