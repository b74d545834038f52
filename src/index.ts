export type { CallFacts } from './agi/agi';
export type { Interruptible } from './agi/command-sender';
export type { Argument } from './agi/wire/command-line';
export type { ChannelState } from './ground/channel-states';
export type { Evaluation } from './agi/commands/dialplan';
export type { DataResult } from './agi/commands/input';
export type { ControlStreamOptions, ControlStreamResult, PlaybackResult } from './agi/commands/playback';
export type { RecordOptions, RecordResult } from './agi/commands/record';
export type { SpeechAlternative, SpeechResult } from './agi/commands/speech';
export type { AgiRequest } from './agi/wire/request';
export type { Settings } from './config/settings';
export type { Agi, AsteriskManager, Script } from './call/agi';
export type { AudioSocket, AudioSocketOptions } from './audio/audio-socket';
export type { ApplicationMethods } from './agi/commands/applications';
export type { Answer, AskOptions } from './ivr/ask';
export { callFile, type CallFileDelivery } from './spool/call-file';
export type { CallFileOptions } from './spool/call-file-text';
export type { ParsedCallerId } from './ivr/caller-id';
export type { FastpassMethods, KeyBuffer } from './ivr/fastpass';
export type { TextMode } from './ivr/key-text';
export type { Choices, ChoicesByKey, KeyOf } from './ivr/choices';
export type { MenuOptions } from './ivr/menu';
export type { PromptMethods } from './ivr/methods';
export type { Prompt, Prompts } from './ivr/prompts';
export type { TtsMethods } from './tts/methods';
export type { Log } from './ground/log';
export {
  CommandError,
  ConfigError,
  FastagiError,
  HangupError,
  IdentityError,
  ManagerError,
  ProtocolError,
  ScriptError,
  SessionEndedError,
  TtsError,
  UsageError,
  type CallStatus,
} from './ground/errors';
