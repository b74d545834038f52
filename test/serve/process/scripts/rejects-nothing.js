module.exports = async () => {
  void Promise.reject();
  await new Promise(() => undefined);
};
