module.exports = ({ config, setVariable }) => {
  const { withheld, asmanager, phpagi, sections } = config;
  return setVariable(
    'result',
    [withheld, asmanager.secret.length, phpagi.smtp.length > 0, Object.keys(sections.mine), sections.mine.name].join(' '),
  );
};
