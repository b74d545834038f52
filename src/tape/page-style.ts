/** How the page of a call looks. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1c2330; --paper: #fff; --dim: #667085; --line: #d6dae2; --script: #2457c5; --caller: #8a5a00; --asterisk: #1c2330;
  --change: #0d7a4f; --changed: #e6f5ee; --quiet: #fff3d6; --bad: #b42318; --wrong: #fdecea; --good: #0d7a4f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --paper: #14171d; --dim: #98a2b3; --line: #333a46; --script: #8ab0ff; --caller: #f0c060;
  --asterisk: #e6e9ef; --change: #6fd6a6; --changed: #12301f; --quiet: #3a2f10; --bad: #ff8a80; --wrong: #3a1614; --good: #6fd6a6; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.2rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .8rem; align-items: baseline; }
h1 { font-size: 1.25rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1rem; margin: 0 0 .5rem; }
.status { font-weight: 600; } .good { color: var(--good); } .bad { color: var(--bad); }
.facts { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: .8rem 0 1.2rem; }
.facts div { display: flex; gap: .5rem; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
.failure { background: var(--wrong); border-left: .25rem solid var(--bad); border-radius: .3rem; padding: .6rem .9rem; margin-bottom: 1.2rem; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, monospace; }
main { display: grid; grid-template-columns: minmax(0, 1fr) 17rem; gap: 2rem; align-items: start; }
.head, .ladder li { display: grid; grid-template-columns: minmax(0, 1fr) 4rem minmax(0, 1fr); gap: .8rem; }
.head { color: var(--dim); border-bottom: 1px solid var(--line); padding-bottom: .3rem; } .head span:nth-child(2) { text-align: center; }
.ladder { list-style: none; margin: 0; padding: 0; }
.ladder li { padding: .12rem 0; align-items: center; }
.what { overflow-wrap: anywhere; grid-row: 1; font: 13px/1.5 ui-monospace, monospace; grid-column: 1; }
time { color: var(--dim); font-variant-numeric: tabular-nums; grid-row: 1; grid-column: 2; text-align: center; }
.script .what { grid-column: 3; color: var(--script); } .script time::before { content: '\\2190\\a0'; } .asterisk time::after { content: '\\a0\\2192'; }
.caller .what, .hears .what { color: var(--caller); font-family: inherit; } .hears .what::before { content: '\\266a\\a0'; } .note .what { color: var(--dim); font-family: inherit; }
.change .what { justify-self: start; background: var(--changed); color: var(--change); border-radius: .6rem; padding: 0 .6rem; }
.wrong .what { grid-column: 1 / -1; background: var(--wrong); color: var(--bad); border-radius: .3rem; padding: .2rem .6rem; }
.silence .what { grid-column: 1 / -1; align-self: stretch; display: grid; place-items: center; background: var(--quiet); color: var(--caller); border-radius: .3rem; font-family: inherit; }
aside { position: sticky; top: 1rem; border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; }
aside dl { margin: 0; } aside dl > div { border-top: 1px solid var(--line); padding: .35rem 0; } aside ul { list-style: none; margin: 0; padding: 0; }
@media (max-width: 48rem) {
  main { grid-template-columns: minmax(0, 1fr); } aside { position: static; }
  .head { display: none; } .ladder li { grid-template-columns: 3.4rem minmax(0, 1fr); border-left: .2rem solid var(--line); padding-left: .5rem; }
  .ladder time { grid-column: 1; text-align: left; } .ladder .what { grid-column: 2; } .silence .what { grid-column: 1 / -1; }
  .ladder .script { border-color: var(--script); } .ladder .caller, .ladder .hears { border-color: var(--caller); }
}
@media print { aside { position: static; } }
`;
