import { usage } from './answers-at-once';
import { soundLength } from './functions';
import type { Running } from './running';
import type { Application, SimulatedChannel } from './simulated-channel';

/** EXEC, with the applications that are here without being named. */
export function exec([name = '', options = '']: string[], channel: SimulatedChannel): Running | string {
  const run = find(channel.options.applications, name) ?? find(applications, name);
  if (!run) return '200 result=-2';
  const returned = run(options, channel);
  // Asterisk takes a result of 1 for a wrong command line of its own.
  if (typeof returned === 'number') return `200 result=${returned}${returned === 1 ? `\n${usage}` : ''}`;
  const heard = /^(?:playback|background)$/i.test(name) ? filesOf(options) : [];
  return {
    time: returned.wait,
    ...(heard.length > 0 && { sound: returned.wait, heard }),
    ends: () => '200 result=0',
    ...(returned.keys && { listens: () => true, key: (key: string) => `200 result=${key.charCodeAt(0)}` }),
    hangUp: () => `200 result=${name.toLowerCase() === 'playback' && isOld(channel) ? 0 : -1}`,
  };
}

/** Asterisk 16 and before. */
function isOld({ options: { version = '' } }: SimulatedChannel): boolean {
  return version !== '' && parseInt(version, 10) <= 16;
}

const applications: Readonly<Record<string, Application>> = {
  BackGround: (files, channel) => ({ wait: play(files, channel), keys: true }),
  Goto(place, { goesOnAt }) {
    const [priority = '', extension, context] = place.split(',').toReversed();
    Object.assign(goesOnAt, { priority, ...(extension !== undefined && { extension }), ...(context !== undefined && { context }) });
    return 0;
  },
  NoOp: () => 0,
  Playback: (files, channel) => ({ wait: play(files, channel) }),
  // Outside a subroutine there is nowhere to return to.
  Return: () => -1,
  Set(assignment, channel) {
    const equals = assignment.indexOf('=');
    channel.write(assignment.slice(0, equals), assignment.slice(equals + 1));
    return 0;
  },
  Verbose: (options, channel) => (channel.console.push(options.replace(/^\d,/, '')), 0),
  Wait: (seconds) => ({ wait: Number(seconds) * 1000 || 0 }),
};

/** Gives how long the files play, in ms. */
function play(options: string, { options: own, variables }: SimulatedChannel): number {
  const times = filesOf(options).map((file) => soundLength(own, file));
  variables.set('PLAYBACKSTATUS', times.includes(undefined) ? 'FAILED' : 'SUCCESS');
  return times.reduce<number>((sum, time) => sum + (time ?? 0), 0);
}

function filesOf(options: string): string[] {
  return (options.split(',', 1)[0] ?? '').split('&');
}

/** The names of applications match without regard to case. */
function find(named: Readonly<Record<string, Application>> | undefined, name: string): Application | undefined {
  const match = Object.keys(named ?? {}).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return match === undefined ? undefined : named?.[match];
}
