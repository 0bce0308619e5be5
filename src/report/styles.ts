/** The report's style sheet; its hash is in the page's content security policy, so nothing else can style the page. */
export const STYLES = `
:root{--paper:#fbfaf6;--card:#fff;--ink:#1d2023;--muted:#5f646a;--line:#e3e0d7;--accent:#0b6b63;--rival:#57579a;--plain:#8b8f94;--bad:#a33d1c;--wait:#835b00;--mark:#cfeae4;--band:#f2f0e9;
--sans:-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Helvetica,Arial,sans-serif;--serif:"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,Georgia,serif;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media (prefers-color-scheme:dark){:root{--paper:#14161a;--card:#1b1e23;--ink:#e7e5df;--muted:#9da3a9;--line:#30343a;--accent:#5bc7b8;--rival:#aeadea;--plain:#7d838a;--bad:#f2916d;--wait:#e2b651;--mark:#1f4d47;--band:#20242a}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 var(--sans);font-variant-numeric:tabular-nums}
main{max-width:76rem;margin:0 auto;padding:2rem 1.5rem 4rem}
bdi,[dir=auto]{unicode-bidi:isolate}
h1,h2,h3,h4,p,li,dd,code,.grid th[scope=row],.domain{overflow-wrap:anywhere}th,td{overflow-wrap:break-word}
h1,h2,h3{font-family:var(--serif);font-weight:600;line-height:1.2;text-wrap:balance}
a{color:inherit;text-decoration:underline;text-decoration-color:color-mix(in srgb,currentColor 35%,transparent);text-underline-offset:.18em;text-decoration-thickness:1px}
a:hover{color:var(--accent);text-decoration-color:currentColor}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
code{font:.86em/1.4 var(--mono)}
.command{display:inline-block;max-width:100%;overflow-x:auto;white-space:nowrap;vertical-align:bottom;background:var(--band);padding:.1em .4em;border-radius:3px}
.muted,.none,.none b{color:var(--muted);font-weight:400}
small{font-size:.82em;color:var(--muted)}
.own{color:var(--accent);font-weight:600}
.simulated{margin:0;padding:.6rem 1.5rem;background:var(--wait);color:var(--paper);text-align:center;font-size:.93rem}
.simulated strong{letter-spacing:.14em;margin-right:.5em}
.watermark{position:fixed;inset:auto 0 0 0;margin:0;padding:.15rem 0;z-index:5;overflow:hidden;white-space:nowrap;font-size:.68rem;letter-spacing:.12em;color:var(--wait);background:var(--paper);border-top:1px solid var(--line);pointer-events:none}
.kicker{margin:0 0 .5rem;color:var(--muted);font-size:.8rem;letter-spacing:.08em;text-transform:uppercase}
h1{font-size:clamp(1.8rem,4.4vw,2.9rem);margin:0 0 1rem;letter-spacing:-.012em}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.6rem 2rem;margin:0;padding:.7rem 0;border-block:1px solid var(--line);font-size:.9rem}
.facts dt{color:var(--muted);font-size:.76rem;letter-spacing:.06em;text-transform:uppercase}
.facts dd{margin:0}
.summary{margin:1.3rem 0 1.2rem;max-width:60rem;font:1.2rem/1.55 var(--serif)}
.summary p{display:inline}
.summary small{font-size:.78em}
nav{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;font-size:.88rem;padding-bottom:.4rem}
.part{margin-top:2.2rem}
h2{font-size:1.55rem;margin:0 0 .25rem}
.part-heading{margin-top:3.2rem;padding-top:1.2rem;border-top:3px double var(--line)}
.lead{margin:0 0 .9rem;color:var(--muted);max-width:52rem}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{padding:.5rem .7rem;text-align:start;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{font-size:.78rem;font-weight:500;color:var(--muted);vertical-align:bottom;border-bottom-color:var(--plain)}
tbody th,tfoot th{font-weight:600}
tr>:first-child{padding-inline-start:0}
tfoot td,tfoot th{border-bottom:0;border-top:1px solid var(--plain);font-weight:600}
.bar{display:block;width:100%;height:4px;margin-top:.35rem}
.track{fill:var(--line)}.fill{fill:var(--plain)}.bar.own .fill{fill:var(--accent)}.bar.rival .fill{fill:var(--rival)}
td.number{white-space:nowrap;min-width:6rem}
.cards td{min-width:6.5rem}
.cards th[scope=row]{white-space:nowrap}
.grid{table-layout:auto}
.grid td{min-width:4.9rem}
.grid th[scope=row]{position:sticky;left:0;background:var(--paper);z-index:1;min-width:8rem}
.heat{--tone:var(--plain);border-bottom-color:var(--paper);border-inline-start:1px solid var(--paper)}
tr.own .heat{--tone:var(--accent)}tr.rival .heat{--tone:var(--rival)}
tr.own{color:inherit;font-weight:400}tr.own th{color:var(--accent)}
.heat a,.heat span{display:block;text-decoration:none}.heat a:hover{text-decoration:underline}
.heat small,.nobody small{display:block}
${[...Array(11).keys()].map((n) => `.h${n}{background:color-mix(in srgb,var(--tone) ${n * 5}%,transparent)}`).join('')}
.prompts th[scope=row]{font-weight:400;width:24%;min-width:11rem}
.prompts th a{display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow:hidden;text-decoration:none}
.prompts th a:hover{text-decoration:underline}
.prompts td{font-size:.84rem;min-width:6rem}
.outcome{display:flex;gap:.35em;align-items:baseline;text-decoration:none}.outcome:hover{text-decoration:underline}
.cell .sign{color:var(--plain);font-size:.8em}.has-own{background:color-mix(in srgb,var(--accent) 9%,transparent)}.has-own .sign{color:var(--accent)}
.failed,.expired,.unknown,.unreadable{--state:var(--bad)}.open,.refused,.cancelled,.empty{--state:var(--wait)}
.cell:not(.done) .outcome,.cell:not(.done) .outcome .sign,tr>th>.sign,.state{color:var(--state,var(--plain))}
.failure{margin:1rem 0;padding-left:1rem;border-left:3px solid var(--bad)}
.failure h3{font:600 1rem/1.4 var(--sans);margin:0}
.todo{margin:.15rem 0 .5rem}.todo b{font-weight:600;color:var(--muted);margin-right:.4em}
.failure ul{margin:0;padding-left:1.1rem;font-size:.9rem}
.message{display:block;color:var(--bad);white-space:pre-wrap;unicode-bidi:isolate;margin:.15rem 0}
.failure .message{color:var(--muted)}
.group{margin-top:1.8rem;content-visibility:auto;contain-intrinsic-size:auto 60rem}
.prompt{padding-bottom:.4rem;border-bottom:1px solid var(--plain)}
.prompt h3{font-size:1.16rem;margin:0}
.kept{white-space:pre-wrap}
.result{padding:.9rem 0 .7rem;border-bottom:1px solid var(--line);display:flow-root;scroll-margin-top:1rem}
.result header{display:flex;flex-wrap:wrap;gap:.1rem .8rem;align-items:baseline}
h4{margin:0;font-size:1rem}
.state{font-size:.85rem}.result.done .state{color:var(--muted)}
.tag{font-size:.74rem;padding:0 .45em;border:1px solid var(--line);border-radius:3px;color:var(--muted)}
.names{font-size:.88rem;color:var(--muted);margin-inline-start:auto}.names .rival{color:var(--rival)}.cell .rival{color:inherit}
.text{font:inherit;white-space:pre-wrap;unicode-bidi:plaintext;overflow-wrap:anywhere;overflow:hidden;max-width:52rem;margin:.5rem 0;tab-size:4}
mark{background:color-mix(in srgb,var(--rival) 18%,transparent);color:inherit;border-radius:2px;padding:0 .1em}mark.own{background:var(--mark);color:inherit}
summary{cursor:pointer;max-width:52rem;font-size:.9rem;color:var(--muted)}
.answer>summary{list-style:none;margin:.5rem 0}.answer>summary::-webkit-details-marker{display:none}
.preview{color:var(--ink);font-size:15px;display:block;unicode-bidi:isolate;overflow-wrap:anywhere}
.more::before{content:"▸ "}.answer[open] .more::before{content:"▾ "}.answer[open] .preview,.result:target .preview{display:none}
.result:target{box-shadow:-.9rem 0 0 var(--paper),-1.1rem 0 0 var(--accent)}
.result:target>.answer::details-content{content-visibility:visible;display:block;height:auto}
.label{margin:.5rem 0 0;font-size:.9rem;color:var(--muted)}
.sources{margin:.2rem 0 .5rem;padding-left:1.6rem;font-size:.88rem;max-width:52rem}
.ranks{padding-left:2.4rem}.ranks li{margin:.1rem 0}.kind{color:var(--muted);font-size:.86em;padding:0 .4em;border:1px solid var(--line);border-radius:3px}.snippet{color:var(--muted)}
.within{font-size:1.16rem;margin:1.6rem 0 .1rem}
.host{color:var(--muted)}.host::before{content:"· "}
.record{margin:.5rem 0 0;font-size:.78rem;color:var(--muted)}
.subset{display:none;position:fixed;inset:0 0 0 auto;width:min(36rem,100%);z-index:10;overflow:auto;overscroll-behavior:contain;background:var(--card);border-left:1px solid var(--line);box-shadow:0 0 3rem rgb(0 0 0/.28);padding:0 1.4rem 2.5rem}
.subset:target{display:block}.subset:focus-visible{outline:0}
.subset-head{position:sticky;top:0;background:var(--card);display:flex;gap:1rem;justify-content:space-between;align-items:baseline;padding:1.2rem 0 .6rem;border-bottom:1px solid var(--line)}
.subset h3{margin:0;font-size:1.12rem}
.close{flex:none;font-size:.9rem}
.subset ol{margin:0;padding:0 0 0 2.4rem;font-size:.9rem}
.subset li{padding:.35rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.subset li a{text-decoration:none}.subset li a:hover{text-decoration:underline}
.subset i{font-style:normal;color:var(--muted);font-size:.92em;white-space:nowrap}
footer ul{max-width:52rem;padding-left:1.1rem}footer li{margin:.3rem 0}
footer.part{border-top:3px double var(--line);padding-top:1.2rem}
@media (max-width:46rem){main{padding:1.5rem 1rem 3.5rem}.summary{font-size:1.1rem}
.cards,.cards tbody,.cards tr,.cards td,.cards th{display:block}.cards thead{display:none}.cards tr{padding:.8rem 0;border-bottom:1px solid var(--line)}
.cards th,.cards td{border:0;padding:.12rem 0}.cards th[scope=row]{font-size:1.05rem}
.cards td{display:grid;grid-template-columns:9.5rem 1fr;gap:0 .6rem}.cards td::before{content:attr(data-label);color:var(--muted)}
.grid th[scope=row]{min-width:8rem}.grid th,.grid td{padding:.4rem .45rem}.grid td{min-width:4.4rem}.prompts th[scope=row]{max-width:9.5rem}
.plain thead{display:none}.plain tr{display:flex;flex-wrap:wrap;gap:0 1rem;padding:.5rem 0;border-bottom:1px solid var(--line)}.plain th,.plain td{border:0;padding:0}.plain th{flex:1 0 8rem}.plain td:last-child{flex:1 0 100%;color:var(--muted)}td.number{flex:0 0 6rem;min-width:0}.prompts td{min-width:7rem}
.names{margin-inline-start:0}}
@media print{.heat,.has-own,mark{print-color-adjust:exact;-webkit-print-color-adjust:exact}.simulated{background:none;color:#000;border:2px solid}:root{--paper:#fff;--card:#fff;--ink:#000}body{font-size:10pt}main{max-width:none;padding:0}nav,.subset,.more{display:none!important}.scroll{overflow:visible}table{font-size:8pt}tr,.result header{break-inside:avoid}
.group{content-visibility:visible}details::details-content{content-visibility:visible;display:block}a{text-decoration:none}.preview{display:none}}
`;
