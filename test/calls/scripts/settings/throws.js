module.exports = () => {
  throw new Error('boom', { cause: new Error('the cause') });
};
