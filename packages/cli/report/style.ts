import { Markup } from "./markup";

/** Readable on paper, on a telephone and in the dark. */
export const style = new Markup(`
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--up:#1a6fb5;--down:#b4541a}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1100px;padding:1.5rem}
h1{font-size:1.6rem;margin:0}h2{margin:2.2rem 0 .4rem;font-size:1.25rem;border-top:1px solid var(--line);padding-top:1rem}h3{margin:1.4rem 0 .4rem;font-size:1rem}
table{border-collapse:collapse;font-size:.9rem}th,td{text-align:left;padding:.3rem .7rem;border-bottom:1px solid var(--line);vertical-align:top}
tbody th{font-weight:normal;white-space:nowrap}thead th{background:var(--soft)}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
small{display:block;opacity:.75;font-weight:normal}.wide{overflow-x:auto}
.higher{color:var(--up)}.lower{color:var(--down)}.good{color:#187a35}.bad{color:#b3261e;font-weight:bold}
.plots{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:.6rem 0;flex:1 1 420px;min-width:0}figcaption{font-size:.85rem;margin-bottom:.2rem}
svg{width:100%;height:auto;font:12px system-ui,sans-serif;fill:currentColor}svg.key{width:24px;display:inline;vertical-align:middle}.grid{stroke:var(--line)}.zero{stroke:currentColor}
.tick{text-anchor:middle;opacity:.75}.label{text-anchor:end}.range{stroke:currentColor;stroke-width:3;opacity:.35}.range.strong{stroke:var(--up);opacity:.7}.dot.strong{fill:var(--up)}
.cell{max-width:22rem;overflow-wrap:anywhere;white-space:pre-wrap}.lines td{font-size:.8rem}code{font-size:.9em}
details{margin-top:1rem}summary{cursor:pointer;font-weight:600}@media print{details{display:block}body{max-width:none}}
`);
