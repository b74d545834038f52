import { commandGroup, type Sending } from './command-group';
import { methodGroup, type MethodGroup } from '../ground/method-groups';
import { channelStateCommands, type ChannelStateCommands } from './commands/channel-state';
import { consoleCommands, type ConsoleCommands } from './commands/console';
import { databaseCommands, type DatabaseCommands } from './commands/database';
import { dialplanCommands, type DialplanCommands } from './commands/dialplan';
import { inputCommands, type InputCommands } from './commands/input';
import { playbackCommands, type PlaybackCommands } from './commands/playback';
import { recordCommands, type RecordCommands } from './commands/record';
import { sayCommands, type SayCommands } from './commands/say';
import { speechCommands, type SpeechCommands } from './commands/speech';
import { variableCommands, type VariableCommands } from './commands/variables';
import { playWhileOn, type Player, type PlayWhile } from './play-while';

/** Which commands there are. What each does is loaded with the first of its group, or with the program (rolldown.config.mjs). */
export const commandGroups: readonly MethodGroup<Sending & Player>[] = [
  commandGroup<PlaybackCommands>({ streamFile: true, controlStreamFile: true, getOption: true, setMusic: true }, playbackCommands),
  methodGroup<Player, PlayWhile>({ playWhile: true }, playWhileOn),
  commandGroup<ChannelStateCommands>(
    {
      answer: true,
      channelStatus: true,
      hangup: true,
      noop: true,
      setAutoHangup: true,
      setContext: true,
      setExtension: true,
      setPriority: true,
      sendImage: true,
      sendText: true,
      tddMode: true,
      asyncAgiBreak: true,
    },
    channelStateCommands,
  ),
  commandGroup<ConsoleCommands>({ verbose: true }, consoleCommands),
  commandGroup<DatabaseCommands>({ databaseDel: true, databaseDelTree: true, databaseGet: true, databasePut: true }, databaseCommands),
  commandGroup<DialplanCommands>({ exec: true, gosub: true, evaluate: true }, dialplanCommands),
  commandGroup<InputCommands>({ getData: true, waitForDigit: true, receiveChar: true, receiveText: true }, inputCommands),
  commandGroup<RecordCommands>({ recordFile: true }, recordCommands),
  commandGroup<SayCommands>(
    { sayAlpha: true, sayDate: true, sayDateTime: true, sayDigits: true, sayNumber: true, sayPhonetic: true, sayTime: true },
    sayCommands,
  ),
  commandGroup<SpeechCommands>(
    {
      speechCreate: true,
      speechSet: true,
      speechDestroy: true,
      speechLoadGrammar: true,
      speechUnloadGrammar: true,
      speechActivateGrammar: true,
      speechDeactivateGrammar: true,
      speechRecognize: true,
    },
    speechCommands,
  ),
  commandGroup<VariableCommands>({ getVariable: true, getFullVariable: true, setVariable: true, setCallerId: true }, variableCommands),
];
