// Made from browser/ by scripts/report-assets.ts. Do not edit.

/** The page's style. */
export const PAGE_STYLE = `:root{color-scheme:light dark;--paper: #f5f6f8;--card: #fff;--ink: #171c24;--quiet: #56606d;--line: #dde2e8;--passed: #2f6fd6;
--passed-ink: #1f59b8;--refused: #e0561b;--refused-ink: #b03c07;--other: #8a94a1;--heat: 224 86 27}@media screen and (prefers-color-scheme:dark){
:root{--paper: #0d1117;--card: #161b23;--ink: #e7ecf3;--quiet: #9fabb9;--line: #2b333e;--passed: #4f8df0;--passed-ink:
#86b4ff;--refused: #f5803f;--refused-ink: #ff9d66;--other: #738091;--heat: 245 128 63}}*{box-sizing:border-box}body{margin:0 auto;padding:2.5rem 1.5rem 4rem;max-width:62rem;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif}.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem}a,:focus-visible{color:var(--passed-ink)}:focus-visible{outline:3px solid var(--passed);
outline-offset:2px;border-radius:4px}.brand{margin:0;font-weight:700;letter-spacing:.01em}.brand span{color:var(--quiet);
font-weight:400}h1{margin:.6rem 0 .9rem;max-width:24em;font-size:clamp(1.5rem,4.4vw,2.6rem);line-height:1.18;font-weight:650;
letter-spacing:-.02em;text-wrap:balance}h1 em{font-style:normal;white-space:nowrap;color:var(--refused-ink)}h1 em.passed{
color:var(--passed-ink)}h2{margin:3rem 0 .9rem;font-size:1.4rem;letter-spacing:-.01em}h3{margin:0 0 .4rem;font-size:1.15rem;
overflow-wrap:anywhere}code{padding:.1em .4em;border-radius:4px;background:var(--paper);border:1px solid var(--line);font:.82em
ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}.source,.note,footer{color:var(--quiet);font-size:.9rem;
overflow-wrap:anywhere}.note b{color:var(--ink)}.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
white-space:nowrap}.lines li{overflow-wrap:anywhere}footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line)}figure{margin:1.4rem 0}figcaption{margin-bottom:.3rem;font-size:.92rem;color:var(--quiet)}figcaption b.passed{color:var(--passed-ink)}
figcaption b.refused{color:var(--refused-ink)}figure svg{display:block;overflow:visible;width:100%;height:auto}svg .passed{
fill:var(--passed)}svg .refused{fill:var(--refused)}.grid{stroke:var(--line);stroke-width:1;fill:none}.tick{fill:var(--quiet);
font-size:11px;font-variant-numeric:tabular-nums}.tick.strong{fill:var(--ink);font-weight:600}.middle{text-anchor:middle}
.end{text-anchor:end}.limit{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 4;fill:none}.choice{stroke:var(--ink);
stroke-width:2.5;fill:none}.cold{fill:var(--line);opacity:.55}.heat1{fill:rgb(var(--heat) / .22)}.heat2{fill:rgb(var(--heat)
/ .38)}.heat3{fill:rgb(var(--heat) / .54)}.heat4{fill:rgb(var(--heat) / .7)}.heat5{fill:rgb(var(--heat) / .85)}.heat6{
fill:rgb(var(--heat))}.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:1px;margin:1.6rem 0 0;border:1px solid
var(--line);border-radius:12px;background:var(--line);overflow:hidden}.figures div{padding:.9rem 1.1rem;background:var(--card)}
.figures dt{color:var(--quiet);font-size:.85rem}.figures dd{margin:0}.figures dd b{display:block;font-size:1.7rem;line-height:1.25;
font-weight:650;font-variant-numeric:tabular-nums}.figures dd span{color:var(--quiet);font-size:.9rem}.who h2{margin:1.8rem
0 .6rem;font-size:1.05rem}.who svg{display:block;width:100%;height:18px;border-radius:9px}.who ul{display:flex;flex-wrap:wrap;
gap:.3rem 1.6rem;margin:.7rem 0 0;padding:0;list-style:none;font-size:.92rem}.who li:before{content:"";display:inline-block;
width:.7em;height:.7em;margin-right:.5em;border-radius:3px;background:var(--dot, transparent)}.who li.bots:before{border:1.5px
solid var(--quiet)}li.succeeded{--dot: var(--refused)}li.suspect{--dot: var(--passed)}li.other{--dot: var(--other)}.succeeded{
fill:var(--refused)}.suspect{fill:var(--passed)}.other{fill:var(--other)}.card{margin:1.2rem 0;padding:1.3rem 1.5rem;border:1px
solid var(--line);border-radius:12px;background:var(--card)}.card>p{margin:.2rem 0 1rem}.quotas{margin-left:.4rem;font-weight:400}.slide label{display:block;margin-top:.4rem}.slide input{display:block;width:calc(100% * 628 / 720 + 20px);height:28px;
margin:.2rem 0 0 calc(100% * 52 / 720 - 10px);accent-color:var(--passed);cursor:ew-resize}.slide p{display:flex;flex-wrap:wrap;
align-items:center;gap:.4rem 1rem;min-height:2.4rem;margin:.2rem 0 .6rem}.slide output strong{font-size:1.25rem;color:var(--refused-ink);
font-variant-numeric:tabular-nums}button{padding:.25rem .8rem;border:1px solid var(--line);border-radius:999px;background:var(--paper);
color:var(--ink);font:inherit;font-size:.88rem;cursor:pointer}summary{width:fit-content;color:var(--quiet);font-size:.85rem;cursor:pointer}.scroll{max-height:27rem;overflow:auto;border:1px
solid var(--line);border-radius:12px;background:var(--card)}details .scroll{margin-top:.5rem}table{width:100%;border-collapse:collapse;
font-size:.9rem}caption{padding:.7rem .9rem .2rem;text-align:left;color:var(--quiet);font-size:.85rem}th,td{padding:.4rem
.6rem;border-top:1px solid var(--line);text-align:left;font-weight:400;vertical-align:middle}thead th{position:sticky;
top:0;background:var(--card);box-shadow:inset 0 -1px var(--line);border-top:0;color:var(--quiet);font-size:.82rem}tbody
th{overflow-wrap:anywhere;min-width:6rem;font-weight:500}.name{min-width:12.5rem}.number{text-align:right;font-variant-numeric:tabular-nums;
white-space:nowrap}.moment span{white-space:nowrap}.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));
gap:1.2rem;align-items:start}.columns>*{min-width:0}small{color:var(--quiet)}@media screen and (max-width:600px){body{padding:1.5rem .9rem 3rem}.card{padding:1rem .9rem}.figures{grid-template-columns:1fr
1fr}.tick{font-size:19px}.odd{display:none}.name{min-width:9rem}}@media print{*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{max-width:none;padding:0;background:#fff;font-size:11pt}.slide input,.slide button,details,.skip{display:none}figure,
.figures,.who,tr,h1,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}.scroll{max-height:none;overflow:visible}table{font-size:8.5pt}
th,td{padding:.25rem .4rem}thead th,caption{font-size:8pt;white-space:normal}.name{min-width:10rem}.spark{width:88px}}`

/** What moves its sliders. */
export const PAGE_SCRIPT = String.raw`"use strict";(()=>{function o(e){return e.toLocaleString("en")}function u(e){return"".concat((100*e).toFixed(e>0&&e<.001?3:1)," %")}function S(e,t){let n=e.querySelector("input"),m=e.querySelector("output"),s=e.querySelector("button"),a=e.querySelector(
".chosen"),c=e.querySelector(".choice"),p=[...e.querySelectorAll(".bars rect")];if(n===null||m===null||s===null||a===null||
c===null)return;let i=()=>{let r=n.valueAsNumber,d=o(t.limits[r]??0),f=t.refused[r]??0,l=document.createElement("stron\
g");l.textContent=u(f/Math.max(1,t.clients));let b="".concat(o(f)," of ").concat(o(t.clients)),y=u((t.requests[r]??0)/
Math.max(1,t.allRequests));m.replaceChildren(l," of clients refused at least once: ".concat(b,". They sent ").concat(y,
" of the requests.")),n.setAttribute("aria-valuetext","".concat(d,": ").concat(l.textContent," of clients refused")),a.
textContent=d,s.hidden=r===t.present;for(let[$,q]of p.entries())q.setAttribute("class",$>r?"refused":"passed");let{first:h="\
0",step:x="0"}=c.dataset;c.setAttribute("transform","translate(".concat(Number(h)+r*Number(x),")"))};n.addEventListener(
"input",i),s.addEventListener("click",()=>{n.valueAsNumber=t.present,n.focus(),i()}),i()}var g=JSON.parse(document.getElementById(
"limits")?.textContent??"{}");for(let e of document.querySelectorAll(".moved")){let t=g[e.dataset.of??""];t&&S(e,t)}})();`
