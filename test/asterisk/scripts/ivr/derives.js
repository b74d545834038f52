import { leave } from './parts.mjs';

export default async function (agi) {
  await agi.setGlobalVariable('SHARED', 'by all');
  await agi.execSetLanguage('de');
  await agi.execAbsoluteTimeout(60);
  const dialled = await agi.execDial('Local', 'nobody@nowhere', 1);
  await agi.conlog('never shown');
  leave(import.meta.url, {
    shared: await agi.getVariable('GLOBAL(SHARED)'),
    language: await agi.getVariable('CHANNEL(language)'),
    status: await agi.getVariable('DIALSTATUS'),
    dialled,
    callerId: agi.parseCallerId('"A B" <sip:1@h:2>').host,
  });
  await agi.goto('subroutine');
}
