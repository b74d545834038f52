/** What a browser shows of a service: one file, read only. Everything that came from elsewhere is put in as text. */
export const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fastagi</title>
<style>
  :root { color-scheme: light dark; --line: #8884; --bad: #c33; --good: #2a7; }
  body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1.5rem; }
  h1 { font-size: 1.3rem; margin: 0; } h2 { font-size: 1rem; margin: 1.8rem 0 .4rem; }
  header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; }
  #state { font-weight: 600; } .good { color: var(--good); } .bad { color: var(--bad); } .dim { opacity: .65; }
  .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .8rem; margin-top: 1.2rem; }
  .card { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; }
  .card b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
  th { font-weight: 500; opacity: .65; } td.wide { word-break: break-word; }
  meter { width: 100%; }
</style>
<header><h1>fastagi</h1><span id="state">...</span><span id="about" class="dim"></span></header>
<div class="cards" id="cards"></div>
<meter id="load" min="0" max="1" low="0.7" high="0.9" optimum="0" value="0" aria-label="calls of max_calls"></meter>
<h2>Calls</h2><table id="calls"><thead></thead><tbody></tbody></table>
<h2>Workers</h2><table id="workers"><thead></thead><tbody></tbody></table>
<h2>Last failures</h2><table id="failures"><thead></thead><tbody></tbody></table>
<script>
  'use strict';
  const at = (id) => document.getElementById(id);
  const element = (name, text, className) => {
    const made = document.createElement(name);
    made.textContent = text === undefined || text === null ? '' : String(text);
    if (className) made.className = className;
    return made;
  };
  const time = (s) => s < 60 ? s.toFixed(0) + ' s' : s < 3600 ? (s / 60).toFixed(0) + ' min' : s < 172800 ? (s / 3600).toFixed(1) + ' h' : (s / 86400).toFixed(0) + ' days';
  const sum = (counts) => Object.values(counts).reduce((one, other) => one + other, 0);
  const list = (counts) => Object.entries(counts).map(([name, count]) => name + ' ' + count).join(', ');

  function table(id, heads, rows, nothing) {
    const [head, body] = at(id).children;
    const names = document.createElement('tr');
    for (const name of heads) names.append(element('th', name));
    head.replaceChildren(names);
    body.replaceChildren(...(rows.length ? rows : [[nothing]]).map((cells) => {
      const row = document.createElement('tr');
      for (const cell of cells) row.append(element('td', cell, 'wide'));
      return row;
    }));
  }

  function card(name, value, more) {
    const made = element('div', '', 'card');
    made.append(element('span', name, 'dim'), element('b', value), element('span', more, 'dim'));
    return made;
  }

  function show({ status, calls, failures }) {
    at('state').textContent = status.state;
    at('state').className = status.state === 'ready' ? 'good' : 'bad';
    at('about').textContent = 'version ' + status.version + ', Node ' + status.node + ', up ' + time(status.uptime) + ', ' + status.listening.join(', ');
    const { ended, refused } = status.calls;
    at('cards').replaceChildren(
      card('calls now', status.calls.now + ' of ' + status.calls.limit, 'at most so far: ' + status.calls.most),
      card('calls ended', sum(ended), list(ended)),
      card('refused (BUSY)', sum(refused), list(refused) || 'none'),
      card('computed too long', status.calls.slow, 'slow_call'),
      card('waiting to be accepted', status.acceptQueue.now, 'turned away by the kernel: ' + status.acceptQueue.overflows),
    );
    at('load').value = status.calls.now / status.calls.limit;
    table('calls', ['channel', 'script', 'for', 'from'], calls.map((call) => [call.channel || '(no request yet)', call.script, time(call.age), call.peer]), 'No calls.');
    table('workers', ['process', 'state', 'calls', 'for', 'memory', 'longest delay'], status.workers.all.map((worker) => [
      worker.pid, worker.state, worker.calls, time(worker.age), worker.memory === undefined ? '' : worker.memory + ' MB',
      worker.delay === undefined ? '' : worker.delay + ' ms']), 'No workers.');
    table('failures', ['when', 'script', 'status', 'why'], failures.map((one) => [new Date(one.at).toLocaleTimeString(), one.script, one.status, one.reason]), 'None.');
  }

  async function look() {
    try {
      const answer = await fetch('status.json', { cache: 'no-store' });
      show(await answer.json());
    } catch {
      at('state').textContent = 'not reached';
      at('state').className = 'bad';
    }
    setTimeout(look, 1000);
  }
  look();
</script>
`;
