export default async function (fastagi) {
  await fastagi.verbose('cool, the FastAGI server has been called!');
  await fastagi.verbose(fastagi.request);
  await fastagi.setVariable('test', '1111');
}
