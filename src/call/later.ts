// What a call does not need for VERBOSE, SET VARIABLE and GET VARIABLE, unless something is wrong. Built as a file of its own, `dist/later.js`, which is
// loaded when the first of these functions is called (rolldown.config.mjs); nothing but functions can be exported here.
export * from '../agi/commands/applications';
export * from '../agi/commands/channel-state';
export * from '../agi/commands/database';
export * from '../agi/commands/dialplan';
export * from '../agi/commands/input';
export * from '../agi/commands/playback';
export * from '../agi/commands/printed';
export * from '../agi/commands/record';
export * from '../agi/commands/say';
export * from '../agi/commands/speech';
export * from '../agi/play-while';
export * from '../agi/wire/probed-reply';
export * from '../agi/wire/speech-reply';
export * from '../ivr/fastpass';
export * from '../ivr/methods';
export * from '../script/module-guard';
export * from '../script/reach';
export * from '../tts/methods';
