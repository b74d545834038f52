function inner() {
  throw new RangeError('too far');
}
export default async () => {
  try {
    inner();
  } catch (cause) {
    throw new Error('it failed: too far', { cause: new Error('in between', { cause }) });
  }
};
