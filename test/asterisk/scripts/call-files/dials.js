import { callFile } from 'fastagi';
import { given, leave } from './parts.mjs';

export default async function () {
  const { spool, variables } = given(import.meta.url);
  const account = '#5;x\\;y';
  callFile({
    channel: 'Local/waits@answering/n',
    context: 'default',
    extension: 'arrives',
    account,
    callerId: '"#; A" <100>',
    spool,
    variables,
  });
  leave(import.meta.url, true);
}
