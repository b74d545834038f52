export default async (agi) => agi.setVariable('got', JSON.stringify([agi.args, agi.query.get('foo'), agi.request.agi_arg_2]));
