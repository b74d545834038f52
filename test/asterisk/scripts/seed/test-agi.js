export default async function (fastagi) {
  const { request } = fastagi;
  await fastagi.verbose('cool, the FastAGI server has been called!');
  await fastagi.verbose(request);
  await fastagi.setVariable('test', '1111');
}
