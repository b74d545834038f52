import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Parts } from './configuration';

/** What Asterisk takes for phones on `port` of loopback (UDP): each calls the context `default` as `phone`. */
export const sipParts = (port: number): Parts => ({
  modules:
    `res_crypto res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip_pubsub res_pjsip res_pjsip_session res_pjsip_endpoint_identifier_ip res_rtp_asterisk
    res_pjsip_sdp_rtp chan_pjsip res_pjsip_refer`.split(/\s+/),
  files: {
    pjsip: `[udp]\ntype=transport\nprotocol=udp\nbind=127.0.0.1:${port}
[phone]\ntype=endpoint\ncontext=default\ndisallow=all\nallow=ulaw\ndirect_media=no\nmedia_address=127.0.0.1\nbind_rtp_to_media_address=yes
[phone-place]\ntype=identify\nendpoint=phone\nmatch=127.0.0.1\n`,
    rtp: '[general]\nicesupport=no\n',
  },
});

/** A call that a phone made and Asterisk answered. */
export interface SipCall {
  readonly id: string;
  readonly ours: string;
  readonly theirs: string;
}

/** A phone that calls and says nothing: just enough SIP for a call, and for one that takes another's place. */
export async function openPhone(port: number): Promise<{ call(extension: string, replaced?: SipCall): Promise<SipCall>; close(): void }> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const own = `127.0.0.1:${socket.address().port}`;
  const send = (lines: readonly string[], body = ''): void =>
    socket.send(`${[...lines, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`, port, '127.0.0.1');
  const answered = new Map<string, (theirs: string) => void>();
  const headOf = (text: string, name: string): string => new RegExp(`^${name}:[^\r]*`, 'm').exec(text)?.[0] ?? '';

  const request = (method: string, extension: string, { id, ours, theirs }: SipCall): string[] => [
    `${method} sip:${extension}@127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${own};rport;branch=z9hG4bK${randomBytes(6).toString('hex')}`,
    'Max-Forwards: 70',
    `From: <sip:phone@${own}>;tag=${ours}`,
    `To: <sip:${extension}@127.0.0.1:${port}>${theirs === '' ? '' : `;tag=${theirs}`}`,
    `Call-ID: ${id}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:phone@${own}>`,
  ];

  socket.on('message', (bytes) => {
    const text = bytes.toString('latin1');
    const status = /^SIP\/2.0 (\d+)/.exec(text)?.[1];
    if (status === undefined) {
      const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => headOf(text, name));
      if (!text.startsWith('ACK ')) send(['SIP/2.0 200 OK', ...copied, `Contact: <sip:phone@${own}>`]);
    } else if (status === '200') {
      answered.get(headOf(text, 'Call-ID').slice(9))?.(/;tag=([^;\r]+)/.exec(headOf(text, 'To'))?.[1] ?? '');
    }
  });

  return {
    async call(extension, replaced) {
      const call = { id: randomBytes(8).toString('hex'), ours: randomBytes(4).toString('hex'), theirs: '' };
      const sound = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n`;
      const inPlace = replaced && [`Replaces: ${replaced.id};to-tag=${replaced.theirs};from-tag=${replaced.ours}`];
      const theirs = await new Promise<string>((resolve) => {
        answered.set(call.id, resolve);
        send([...request('INVITE', extension, call), ...(inPlace ?? []), 'Content-Type: application/sdp'], sound);
      });
      const open = { ...call, theirs };
      send(request('ACK', extension, open));
      return open;
    },
    close: () => void socket.close(),
  };
}
