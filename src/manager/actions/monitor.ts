import type { ManagerClient } from '../client';

/** Recording. Monitor is gone from Asterisk 21: its three throw there what to use instead. */
export interface MonitorActions {
  /** Records a channel. @see Asterisk: manager action Monitor, up to Asterisk 20 */
  monitor(what: { channel: string; file?: string; format?: string; mix?: boolean }): Promise<void>;
  /** Goes on recording into another file. @see Asterisk: manager action ChangeMonitor, up to Asterisk 20 */
  changeMonitor(what: { channel: string; file: string }): Promise<void>;
  /** @see Asterisk: manager action StopMonitor, up to Asterisk 20 */
  stopMonitor(what: { channel: string }): Promise<void>;
  /**
   * Records a channel and whom it speaks with into one file, its format by its extension: `/tmp/call.wav`.
   * @param what.options as the application MixMonitor takes them
   * @param what.command what to run when it is done
   * @see Asterisk: manager action MixMonitor
   */
  mixMonitor(what: { channel: string; file: string; options?: string; command?: string }): Promise<void>;
  /** @see Asterisk: manager action StopMixMonitor */
  stopMixMonitor(what: { channel: string }): Promise<void>;
}

export function monitorActions({ action }: ManagerClient): MonitorActions {
  return {
    async monitor({ channel, file, format, mix }) {
      await action('Monitor', { Channel: channel, File: file, Format: format, Mix: mix });
    },
    async changeMonitor({ channel, file }) {
      await action('ChangeMonitor', { Channel: channel, File: file });
    },
    async stopMonitor({ channel }) {
      await action('StopMonitor', { Channel: channel });
    },
    async mixMonitor({ channel, file, options, command }) {
      await action('MixMonitor', { Channel: channel, File: file, Options: options, Command: command });
    },
    async stopMixMonitor({ channel }) {
      await action('StopMixMonitor', { Channel: channel });
    },
  };
}
