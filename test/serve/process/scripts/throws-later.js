module.exports = () => {
  setTimeout(() => {
    throw new Error('thrown later');
  }, 1);
  return new Promise(() => undefined);
};
