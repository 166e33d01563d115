/** Writes the style and the script of the report's page as TypeScript. With `--check` it only fails where that is out of date. */
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { keepUpToDate } from './generated-file.js'

const folder = 'packages/gateway/src/report'
const LONGEST_LINE = 118

/** A file for the browser with all that it imports, made small. */
function bundled(file: string): string {
  const entry = fileURLToPath(new URL(`../${folder}/browser/${file}`, import.meta.url))
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['es2022', 'chrome110', 'firefox110', 'safari16'],
    // They would end the template that the text stands in here.
    supported: { 'template-literal': false },
    lineLimit: LONGEST_LINE,
    legalComments: 'none',
  })
  const text = outputFiles[0]?.text.trim() ?? ''
  if (text === '' || /<\/(script|style)|`|\$\{/i.test(text))
    throw new Error(`${file}: it is empty, or would end what it stands in`)
  return text
}

function constant(name: string, meaning: string, file: string): string {
  const source = bundled(file)
  const tag = source.includes('\\') ? 'String.raw' : ''
  return `/** ${meaning} */\nexport const ${name} = ${tag}\`${source}\`\n`
}

const text = `// Made from browser/ by scripts/report-assets.ts. Do not edit.

${constant('PAGE_STYLE', "The page's style.", 'page.css')}
${constant('PAGE_SCRIPT', 'What moves its sliders.', 'slider.ts')}`

keepUpToDate(`${folder}/assets.ts`, text, 'scripts/report-assets.ts')
