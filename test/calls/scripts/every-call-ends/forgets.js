export default (agi) => {
  agi.exec('Good');
  agi.noop();
};
