const told: string = 'typed';
interface Call {
  setVariable(name: string, value: string): Promise<void>;
}

export default async (agi: Call): Promise<void> => {
  await agi.setVariable('told', told);
};
