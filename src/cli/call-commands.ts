import { isOn, numberOf, textOf, type Command, type Values } from './command';
import type { PhoneOptions } from './phone/call';

/** What makes calls, and shows them. */
export const callCommands: readonly Command[] = [
  {
    name: 'call',
    args: '<target>',
    describe: 'call a script as Asterisk would: a file, or agi://host[:port]/script; with keys typed here, or given',
    takesSettings: true,
    options: {
      keys: { type: 'string', requiresArg: true, describe: 'the caller presses these, each as soon as a command listens for it: 1234#' },
      'hangup-after': {
        type: 'string',
        requiresArg: true,
        describe: 'the caller hangs up when a command comes that begins so: "GET DATA"',
      },
      var: { type: 'string', array: true, requiresArg: true, describe: 'a variable of the channel, NAME=value' },
      arg: { type: 'string', array: true, requiresArg: true, describe: 'an argument of the script' },
      callerid: { type: 'string', requiresArg: true, describe: 'the caller: \'"Ann" <100>\'' },
      expect: { type: 'string', array: true, requiresArg: true, describe: 'what a variable is to be in the end, NAME=value' },
      scenario: {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'what the caller does and what comes of it, a line each; a file, or a directory with *.scenario',
      },
      sound: { type: 'boolean', describe: 'play what the caller hears, with sox' },
      html: { type: 'string', requiresArg: true, describe: 'a file for the call as a page of its own' },
      cast: { type: 'string', requiresArg: true, describe: 'a file for what the terminal shows, for asciinema' },
      asterisk: { type: 'boolean', describe: 'have Asterisk itself call EXTENSION@CONTEXT, by its manager ([asmanager])' },
      json: { type: 'boolean', describe: 'what came of scenarios, as JSON' },
      junit: { type: 'string', requiresArg: true, describe: 'a file for what came of scenarios, in the form of JUnit' },
      'max-silence': { type: 'number', requiresArg: true, describe: 'for so many s an answered caller may hear nothing' },
    },
    examples: [
      ['fastagi call agi://127.0.0.1/menu', 'a call to the service that runs here; digits are keys, h hangs up'],
      ['fastagi call ./menu.js --scenario menu.scenario', 'hears, presses, waits, hangs up, expects: a line each'],
      ['fastagi call ./menu.js --keys 12# --expect CHOSEN=sales', 'without a terminal, and without waiting'],
    ],
    page: 'debugging.md',
    async run({ values, settings, terminal, say }) {
      const { call } = await import('./phone/call');
      return call(String(values['target']), callOptions(values), settings, { terminal, say });
    },
  },
  {
    name: 'trace',
    describe: 'show calls as they happen, of every process on this machine',
    takesSettings: true,
    options: {
      channel: { type: 'string', requiresArg: true, describe: 'only calls whose channel holds this: PJSIP/100' },
      script: { type: 'string', requiresArg: true, describe: 'only calls of scripts whose name holds this' },
      peer: { type: 'string', requiresArg: true, describe: 'only calls from addresses that hold this' },
      text: { type: 'boolean', describe: 'a line for each line of the wire, for grep' },
      json: { type: 'boolean', describe: 'the same, as JSON' },
      html: { type: 'string', requiresArg: true, describe: 'a file for the next call as a page of its own; then it ends' },
    },
    examples: [
      ['fastagi trace', 'as root: all calls'],
      ['fastagi trace --script menu --record ./tapes', 'calls of menu.js, each recorded, too'],
    ],
    page: 'debugging.md',
    async run({ values, settings, say }) {
      const { trace } = await import('./trace');
      const form = isOn(values, 'json') ? 'json' : isOn(values, 'text') ? 'text' : 'ladder';
      const filter = { channel: textOf(values, 'channel'), script: textOf(values, 'script'), peer: textOf(values, 'peer') };
      return trace({ ...filter, form, record: settings.record, html: textOf(values, 'html') }, settings, say);
    },
  },
  {
    name: 'replay',
    args: '<recording>',
    describe: 'run a script against a recorded call, or against all in a directory, and say where it behaves otherwise now',
    takesSettings: true,
    options: {
      script: { type: 'string', requiresArg: true, describe: 'another file than the one that was recorded' },
      html: {
        type: 'string',
        requiresArg: true,
        describe: 'a file for the recorded call as a page of its own, with the place that differs',
      },
    },
    examples: [
      ['fastagi replay /var/spool/fastagi/calls', 'each call that [fastagi] record has kept there'],
      ['fastagi replay wrong-pin.cassette --script ./pin.js', 'a new version of the script'],
    ],
    page: 'testing.md',
    async run({ values, settings }) {
      const { replay } = await import('./replay');
      return replay(String(values['recording']), { script: textOf(values, 'script'), html: textOf(values, 'html') }, settings);
    },
  },
];

function callOptions(values: Values): PhoneOptions {
  const list = (name: string): string[] => (Array.isArray(values[name]) ? values[name].map(String) : []);
  return {
    keys: textOf(values, 'keys'),
    hangUpAt: textOf(values, 'hangup-after'),
    callerId: textOf(values, 'callerid'),
    variables: list('var'),
    args: list('arg'),
    expected: list('expect'),
    scenarios: list('scenario'),
    isReal: isOn(values, 'asterisk'),
    isLoud: isOn(values, 'sound'),
    html: textOf(values, 'html'),
    cast: textOf(values, 'cast'),
    isJson: isOn(values, 'json'),
    junit: textOf(values, 'junit'),
    maxSilence: numberOf(values, 'max-silence'),
  };
}
