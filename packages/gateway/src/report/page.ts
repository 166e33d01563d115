import { createHash } from 'node:crypto'
import { PAGE_SCRIPT, PAGE_STYLE } from './assets.js'
import type { Report } from './build-report.js'
import { dataBlock, html, own } from './html.js'
import { caveatsSection, compareSection, refusedSections } from './section-names.js'
import { rulesSection, sliderData } from './section-rules.js'
import { summary } from './section-summary.js'

/**
 * The page of a replay: one file that asks nobody for anything. Its own style and script are known by their hashes, and
 * nothing else runs.
 */
export function reportPage(report: Report): string {
  const { result } = report
  const policy = `default-src 'none'; img-src data:; style-src '${hashOf(PAGE_STYLE)}'; script-src '${hashOf(PAGE_SCRIPT)}'; base-uri 'none'; form-action 'none'`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${own(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Replay of ${result.policy}</title>
<style>${own(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">To the rules</a>
${summary(result)}
<main id="main">
${result.compare === undefined ? '' : compareSection(result.compare)}
${rulesSection(report)}
${refusedSections(result)}
${caveatsSection(result)}
</main>
<footer><p>Made by <code>spillway replay</code>. Times are UTC. This file is complete: it loads nothing, and sends nothing.</p></footer>
${dataBlock('limits', sliderData(report))}
<script>${own(PAGE_SCRIPT)}</script>
</body>
</html>
`
  return page.markup
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
