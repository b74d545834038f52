export default async (agi) => {
  await agi.setVariable('shown', [agi.request.agi_calleridname, ...agi.args, agi.query.get('name')].map(encodeURIComponent).join());
  await agi.setVariable('back', agi.rawRequest.agi_calleridname);
};
