export default async function (agi) { this is no script
