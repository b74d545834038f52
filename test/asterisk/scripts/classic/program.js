#!/usr/bin/env -S fastagi run
import { leave } from './parts.mjs';

export default async function (agi) {
  leave(import.meta.url, [agi.args, await agi.getVariable('CONTEXT')]);
}
