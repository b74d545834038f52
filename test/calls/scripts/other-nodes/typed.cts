const told: string = 'typed';
interface Call {
  setVariable(name: string, value: string): Promise<void>;
}

module.exports = async (agi: Call): Promise<void> => {
  await agi.setVariable('told', told);
};
