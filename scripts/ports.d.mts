import type { ChildProcess } from 'node:child_process';

export function freePort(host?: string): Promise<number>;
export function untilListening(port: number, host?: string, child?: ChildProcess): Promise<void>;
