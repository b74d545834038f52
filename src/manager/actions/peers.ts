import type { ManagerClient } from '../client';
import { countOf, entriesOf, flagOf, numberOf, headerText } from '../wire/header-values';
import { ManagerError } from '../../ground/errors';
import type { ManagerEvent } from '../event';

/** A phone or trunk of chan_iax2 or chan_sip. */
export interface Peer {
  readonly name: string;
  readonly address: string | undefined;
  readonly port: number | undefined;
  readonly isDynamic: boolean;
  /** `OK (23 ms)`, `UNREACHABLE`, `Unmonitored` ... */
  readonly status: string | undefined;
}

/** A phone or trunk of chan_pjsip. */
export interface Endpoint {
  readonly name: string;
  /** `Not in use`, `In use`, `Unavailable` ... */
  readonly state: string | undefined;
  readonly aor: string | undefined;
  readonly transport: string | undefined;
  readonly contacts: readonly string[];
  /** How many channels it has now. */
  readonly activeChannels: number;
}

export interface ParkedCall {
  readonly lot: string;
  /** Where it can be picked up: the extension. */
  readonly space: string;
  readonly channel: string;
  readonly callerNumber: string | undefined;
  readonly callerName: string | undefined;
  /** Who parked it. */
  readonly parker: string | undefined;
  /** In how many s it goes back. */
  readonly timeout: number | undefined;
  /** How long it has been parked, in s. */
  readonly duration: number | undefined;
}

export interface PeerActions {
  /** The peers of chan_iax2. @see Asterisk: manager action IAXpeerlist */
  iaxPeers(): Promise<Peer[]>;
  /** The peers of chan_sip, which is gone from Asterisk 21: there, throws what to use instead. @see Asterisk: manager action SIPpeers */
  sipPeers(): Promise<Peer[]>;
  /** The endpoints of chan_pjsip. @see Asterisk: manager action PJSIPShowEndpoints */
  pjsipEndpoints(): Promise<Endpoint[]>;
  /** The calls that are parked, in one parking lot or all. @see Asterisk: manager action ParkedCalls */
  parkedCalls(what?: { parkingLot?: string }): Promise<ParkedCall[]>;
}

export function peerActions({ list }: ManagerClient): PeerActions {
  return {
    iaxPeers: () => entriesOf(list('IAXpeerlist'), ['PeerEntry'], peerOf),
    sipPeers: () => entriesOf(list('SIPpeers'), ['PeerEntry'], peerOf),
    async pjsipEndpoints() {
      try {
        return await entriesOf(list('PJSIPShowEndpoints'), ['EndpointList'], endpointOf);
      } catch (error) {
        // What Asterisk says of an empty list.
        if (error instanceof ManagerError && /no endpoints found/i.test(error.reply ?? '')) return [];
        throw error;
      }
    },
    parkedCalls: ({ parkingLot } = {}) => entriesOf(list('ParkedCalls', { ParkingLot: parkingLot }), ['ParkedCall'], parkedCallOf),
  };
}

function peerOf(event: ManagerEvent): Peer {
  return {
    name: event.get('ObjectName') ?? '',
    address: headerText(event, 'IPaddress') ?? headerText(event, 'Address-IP'),
    port: numberOf(event, 'Port') ?? numberOf(event, 'IPport') ?? numberOf(event, 'Address-Port'),
    isDynamic: flagOf(event, 'Dynamic'),
    status: headerText(event, 'Status'),
  };
}

function endpointOf(event: ManagerEvent): Endpoint {
  return {
    name: event.get('ObjectName') ?? '',
    state: headerText(event, 'DeviceState'),
    aor: headerText(event, 'Aor'),
    transport: headerText(event, 'Transport'),
    contacts: (event.get('Contacts') ?? '').split(',').filter((contact) => contact !== ''),
    activeChannels: countOf(event, 'ActiveChannels'),
  };
}

function parkedCallOf(event: ManagerEvent): ParkedCall {
  return {
    lot: event.get('Parkinglot') ?? '',
    space: event.get('ParkingSpace') ?? '',
    channel: event.get('ParkeeChannel') ?? '',
    callerNumber: headerText(event, 'ParkeeCallerIDNum'),
    callerName: headerText(event, 'ParkeeCallerIDName'),
    parker: headerText(event, 'ParkerDialString'),
    timeout: numberOf(event, 'ParkingTimeout'),
    duration: numberOf(event, 'ParkingDuration'),
  };
}
