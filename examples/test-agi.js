// /var/lib/asterisk/agi-bin/test-agi.js
export default async function (fastagi) {
  const { request } = fastagi;
  await fastagi.verbose('cool, the FastAGI server has been called!');
  await fastagi.verbose(request);               // anything but a string is printed as print_r would: one VERBOSE a line
  await fastagi.setVariable('test', '1111');
}
