module.exports = () => {
  throw new Error('x');
};
