import type { ManagerClient } from '../client';
import { countOf, entriesOf, flagOf, headerText } from '../wire/header-values';
import type { ManagerEvent } from '../event';

export interface DahdiChannel {
  readonly dahdiChannel: number;
  /** The call that is on it; undefined where it is free. */
  readonly channel: string | undefined;
  readonly signalling: string | undefined;
  readonly context: string | undefined;
  readonly doNotDisturb: boolean;
  readonly alarm: string | undefined;
}

/** Analogue and ISDN cards (phpagi's Zap methods). They need chan_dahdi; without it each throws ManagerError that says so. */
export interface DahdiActions {
  /** Dials on a line that is off hook. @see Asterisk: manager action DAHDIDialOffhook */
  dahdiDialOffhook(what: { dahdiChannel: number; number: string }): Promise<void>;
  /** @see Asterisk: manager action DAHDIDNDoff */
  dahdiDndOff(what: { dahdiChannel: number }): Promise<void>;
  /** @see Asterisk: manager action DAHDIDNDon */
  dahdiDndOn(what: { dahdiChannel: number }): Promise<void>;
  /** @see Asterisk: manager action DAHDIHangup */
  dahdiHangup(what: { dahdiChannel: number }): Promise<void>;
  /** @see Asterisk: manager action DAHDITransfer */
  dahdiTransfer(what: { dahdiChannel: number }): Promise<void>;
  /** @see Asterisk: manager action DAHDIShowChannels */
  dahdiShowChannels(what?: { dahdiChannel?: number }): Promise<DahdiChannel[]>;
}

export function dahdiActions({ action, list }: ManagerClient): DahdiActions {
  const tell = async (name: string, dahdiChannel: number, number?: string): Promise<void> => {
    await action(name, { DAHDIChannel: dahdiChannel, Number: number });
  };
  return {
    dahdiDialOffhook: ({ dahdiChannel, number }) => tell('DAHDIDialOffhook', dahdiChannel, number),
    dahdiDndOff: ({ dahdiChannel }) => tell('DAHDIDNDoff', dahdiChannel),
    dahdiDndOn: ({ dahdiChannel }) => tell('DAHDIDNDon', dahdiChannel),
    dahdiHangup: ({ dahdiChannel }) => tell('DAHDIHangup', dahdiChannel),
    dahdiTransfer: ({ dahdiChannel }) => tell('DAHDITransfer', dahdiChannel),
    dahdiShowChannels: ({ dahdiChannel } = {}) =>
      entriesOf(list('DAHDIShowChannels', { DAHDIChannel: dahdiChannel }), ['DAHDIShowChannels'], channelOf),
  };
}

function channelOf(event: ManagerEvent): DahdiChannel {
  return {
    dahdiChannel: countOf(event, 'DAHDIChannel'),
    channel: headerText(event, 'Channel'),
    signalling: headerText(event, 'Signalling'),
    context: headerText(event, 'Context'),
    doNotDisturb: /^(?:enabled|yes)$/i.test(event.get('DND') ?? '') || flagOf(event, 'DND'),
    alarm: headerText(event, 'Alarm'),
  };
}
