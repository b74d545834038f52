import type { Commands } from '../agi/agi';
import { applicationMethods, type ApplicationMethods, type Debuggable } from '../agi/commands/applications';
import { methodGroup, type MethodGroup } from '../ground/method-groups';
import { fastpassMethods, type FastpassBase, type FastpassMethods } from '../ivr/fastpass';
import { promptMethods, type PromptMethods, type Speaker } from '../ivr/methods';
import type { TtsSettings } from '../tts/engines';
import { ttsMethods, type TtsMethods } from '../tts/methods';

type Base = Commands<TtsSettings> & Debuggable & FastpassBase;

/** What is built on the commands; loaded as they are. */
export const builtGroups: readonly MethodGroup<Base>[] = [
  methodGroup<Commands<TtsSettings>, TtsMethods>({ text2wav: true, swift: true, say: true }, ttsMethods),
  methodGroup<Commands & Speaker, PromptMethods>(
    { ask: true, menu: true, play: true, textInput: true, sayPunctuation: true, parseCallerId: true },
    promptMethods,
  ),
  methodGroup<Debuggable, ApplicationMethods>(
    {
      setGlobalVariable: true,
      execDial: true,
      execGoto: true,
      execAgi: true,
      execAbsoluteTimeout: true,
      execSetLanguage: true,
      execEnumLookup: true,
      goto: true,
      conlog: true,
    },
    applicationMethods,
  ),
  methodGroup<Commands & FastpassBase, FastpassMethods>(
    {
      fastpassSayDigits: true,
      fastpassSayNumber: true,
      fastpassSayPhonetic: true,
      fastpassSayTime: true,
      fastpassSayPunctuation: true,
      fastpassStreamFile: true,
      fastpassText2wav: true,
      fastpassSwift: true,
      fastpassSay: true,
      fastpassGetData: true,
      fastpassMenu: true,
    },
    fastpassMethods,
  ),
];
