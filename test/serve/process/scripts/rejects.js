module.exports = async (fastagi) => {
  void Promise.reject(new Error('rejected'));
  await fastagi.verbose('one');
  await new Promise(() => undefined);
};
