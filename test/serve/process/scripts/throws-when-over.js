module.exports = async () => {
  setTimeout(() => {
    console.log('left behind');
    throw new Error('thrown when it was over');
  }, 50);
};
