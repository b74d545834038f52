export default () => {
  throw new Error('no \ud83d for G\udcfcnter \u{1f480}');
};
