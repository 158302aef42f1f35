import { raw } from 'hono/html';

/** Style sheet of the sandbox pages; no outside asset is loaded. */
export const STYLE = raw(`
:root{--ink:#1f2a30;--soft:#61717a;--line:#dfe5e8;--accent:#1f7a5c;font:14px/1.45 system-ui,sans-serif;color:var(--ink)}
*{box-sizing:border-box}body{margin:0;background:#f5f7f8}
header{background:#1b2b34;color:#cfd9de;padding:10px 20px}header a{color:#fff;font-weight:600;text-decoration:none;margin-right:8px}
main{padding:18px 20px;max-width:1240px;margin:0 auto}a{color:var(--accent)}
table{width:100%;border-collapse:collapse;background:#fff;border:1px solid var(--line)}
th,td{padding:7px 10px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--soft);background:#fafbfb;white-space:nowrap}td.wide{min-width:260px}.time,td:first-child{white-space:nowrap}
tbody tr:hover{background:#f2f8f6}.empty{color:var(--soft);padding:24px;text-align:center}
.badge{padding:1px 8px;border-radius:9px;background:#e8edef;white-space:nowrap}
.risk-high{background:#fbdcd7}.risk-moderate{background:#fdeecb}.risk-low,.state-closed{background:#d9f0e5}
.state-implement,.state-review{background:#dbe9fb}.state-canceled{background:#e3e3e3;color:var(--soft)}
h2{margin:.3em 0}h2 small{font-weight:400;color:var(--soft)}
.way{list-style:none;display:flex;gap:4px;padding:0;margin:12px 0}
.way li{flex:1;padding:6px 10px;background:#e8edef;color:var(--soft);text-align:center;border-radius:3px}
.way .done{background:#cfe8dd;color:var(--ink)}.way .now{background:var(--accent);color:#fff;font-weight:600}
.acts{display:flex;gap:8px;align-items:center;margin:10px 0}.acts span,.over{color:var(--soft)}
button{font:inherit;padding:5px 14px;border:1px solid var(--line);border-radius:4px;background:#fff;cursor:pointer}
button:hover{border-color:var(--accent)}
dl{background:#fff;border:1px solid var(--line);padding:12px 16px;margin:12px 0}dt{color:var(--soft);font-size:12px}dd{margin:0 0 14px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:4px 18px}
.text{white-space:pre-wrap;overflow-wrap:anywhere}
.text{margin:4px 0}dd.text{margin-bottom:14px}
.log{list-style:none;padding:0}.log li{background:#fff;border:1px solid var(--line);border-left:3px solid var(--accent);padding:8px 14px;margin-bottom:6px}
.log span,.log time{color:var(--soft);font-size:12px;margin-left:8px}`);
