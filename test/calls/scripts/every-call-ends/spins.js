export default async (agi) => {
  let ticks = 0;
  setInterval(() => ticks++, 50);
  agi.log.info('begun');
  for (let n = 1; ; n++) {
    try {
      await agi.streamFile('x');
    } catch {
      console.log('again', n, ticks);
    }
  }
};
