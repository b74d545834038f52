module.exports = async () => {
  setTimeout(() => {
    throw new Error('late');
  }, 10);
  await new Promise(() => setInterval(() => 0, 1000));
};
