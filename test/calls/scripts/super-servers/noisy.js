module.exports = async () => {
  console.log('to the journal');
  require('fs').writeSync(1, 'by descriptor\n');
  throw new Error('boom');
};
