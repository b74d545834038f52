module.exports = async () => {
  throw 'a text';
};
