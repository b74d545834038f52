module.exports = () => {
  throw new Error('broken');
};
