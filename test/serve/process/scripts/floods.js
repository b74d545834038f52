module.exports = async (fastagi) => {
  for (let line = 0; line < 2000; line++) console.log(`line ${line}`);
  process.stdout.write('a line that does not end');
  await fastagi.verbose('one');
};
