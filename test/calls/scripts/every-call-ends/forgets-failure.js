export default (agi) => {
  agi.exec('Bad');
};
