import { raw } from 'hono/html';

/** Style sheet of the sandbox pages; no outside asset is loaded. */
export const STYLE = raw(`
:root{--ink:#1c2333;--soft:#5e6980;--line:#dde2ec;--accent:#2f5fc4;font:14px/1.45 system-ui,sans-serif;color:var(--ink)}
*{box-sizing:border-box}body{margin:0;background:#f6f7fa}a{color:var(--accent)}
header{background:#20304f;color:#ccd6ea;padding:10px 20px}header a{color:#fff;font-weight:600;text-decoration:none;margin-right:8px}
main{padding:18px 20px;max-width:1180px;margin:0 auto}
table{width:100%;border-collapse:collapse;background:#fff;border:1px solid var(--line)}
th,td{padding:7px 10px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--soft);background:#fafbfd}td:first-child,.time{white-space:nowrap}td.wide{min-width:260px}
tbody tr:hover{background:#f1f5fd}.empty{color:var(--soft);padding:24px;text-align:center}
.badge{padding:1px 8px;border-radius:3px;background:#e6eaf2;white-space:nowrap}
.indeterminate{background:#dce7fb}.done{background:#d8f0e2}.Highest,.High{background:#fbdcd7}
h2{margin:.3em 0}h2 small{font-weight:400;color:var(--soft)}
.way{list-style:none;display:flex;gap:4px;padding:0;margin:12px 0}
.way li{flex:1;padding:6px 10px;background:#e6eaf2;color:var(--soft);text-align:center;border-radius:3px}
.way .past{background:#cddcf7;color:var(--ink)}.way .now{background:var(--accent);color:#fff;font-weight:600}
.acts{display:flex;gap:8px;align-items:center;margin:10px 0}.acts span,.over{color:var(--soft)}
button{font:inherit;padding:5px 14px;border:1px solid var(--line);border-radius:4px;background:#fff;cursor:pointer}
button:hover{border-color:var(--accent)}
.box{background:#fff;border:1px solid var(--line);padding:4px 16px;margin:12px 0;overflow-wrap:anywhere}
.box p{white-space:pre-wrap}.box h4{margin:14px 0 2px;color:var(--soft)}
.log{list-style:none;padding:0}.log li{background:#fff;border:1px solid var(--line);border-left:3px solid var(--accent);padding:8px 14px;margin-bottom:6px}
.log p{margin:4px 0;white-space:pre-wrap;overflow-wrap:anywhere}.log span,.log time{color:var(--soft);font-size:12px;margin-left:8px}`);
