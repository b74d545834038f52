// A registry on loopback that has one package, and asks npm's own for all others.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** @param tarball the packed package's file @param manifest its package.json */
export async function startRegistry(tarball, manifest) {
  const packed = readFileSync(tarball);
  const server = createServer((request, response) => void answer(request, response).catch(() => response.writeHead(502).end()));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;

  async function answer({ url: path, headers }, response) {
    if (path === `/${manifest.name}.tgz`) return response.end(packed);
    if (path === `/${manifest.name}`) return response.setHeader('content-type', 'application/json').end(JSON.stringify(packument()));
    const found = await fetch(`https://registry.npmjs.org${path}`, { headers: { accept: headers.accept ?? '*/*' } });
    const text = Buffer.from(await found.arrayBuffer());
    return response.writeHead(found.status, { 'content-type': found.headers.get('content-type') ?? 'application/octet-stream' }).end(text);
  }

  function packument() {
    const { version } = manifest;
    const dist = {
      tarball: `${url}/${manifest.name}.tgz`,
      integrity: `sha512-${createHash('sha512').update(packed).digest('base64')}`,
      shasum: createHash('sha1').update(packed).digest('hex'),
    };
    return {
      name: manifest.name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, _id: `${manifest.name}@${version}`, dist } },
      time: { [version]: '2026-01-01T00:00:00.000Z' },
    };
  }

  return { url, stop: () => server.close() };
}
