/** The floors: imports go down only. A file may import its own floor and those below it. */
const LIBRARY = 'packages/spillway/src'

const FLOORS = [
  ['core'],
  ['policy', 'identity'],
  ['store'],
  ['limiter', 'guard', 'verdict'],
  ['http'],
  ['adapters', 'explain'],
  ['index', 'testing', 'client', 'decorators', 'compat'],
]

const on = (names) => `^${LIBRARY}/(${names.join('|')})(/|[.]ts$)`
const TESTS = '[.](test|fixture)[.]ts$|/test/'

/** One rule a floor: nothing from above. */
const floors = FLOORS.slice(0, -1).map((names, floor) => ({
  name: `floor-${floor}-${names[0]}`,
  comment: `${names.join(', ')} may not import from a higher floor`,
  severity: 'error',
  from: { path: on(names), pathNot: TESTS },
  to: { path: on(FLOORS.slice(floor + 1).flat()) },
}))

const FRAMEWORKS = ['express', 'fastify', 'koa', 'hono', '@nestjs', '@trpc', 'graphql', 'ws', 'socket.io']

/** An adapter knows its own framework and none of the others'. */
const frameworks = FRAMEWORKS.map((framework) => ({
  name: `only-its-own-adapter-imports-${framework.replace('@', '')}`,
  severity: 'error',
  from: {
    path: `^${LIBRARY}/`,
    pathNot: [TESTS, `^${LIBRARY}/adapters/${framework.replace('@', '').replace('js', '')}`],
  },
  to: { path: `node_modules/(@types/)?${framework}(/|$)` },
}))

module.exports = {
  forbidden: [
    ...floors,
    ...frameworks,
    {
      name: 'a-framework-is-imported-as-types-only',
      comment: 'whoever uses one adapter has not installed the other frameworks, and brings a version of its own',
      severity: 'error',
      // Errors of Nest, tRPC and GraphQL are known by their class.
      from: { path: `^${LIBRARY}/adapters/`, pathNot: [TESTS, `^${LIBRARY}/adapters/(nest/|(trpc|graphql)[.]ts$)`] },
      to: { path: `node_modules/(${FRAMEWORKS.join('|')})(/|$)`, dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-node-modules-below-adapters-node',
      comment: 'these also run in Deno, Bun and edge workers',
      severity: 'error',
      from: {
        path: `^${LIBRARY}/`,
        pathNot: [
          TESTS,
          `^${LIBRARY}/testing/`,
          `^${LIBRARY}/adapters/(nest/|(node|node-middleware|node-request|context-request|express|fastify|koa|ws)[.]ts$)`,
        ],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'adapters-do-not-lean-on-each-other',
      comment:
        "but on what those on node:http, those on Fetch and those with a context share, and on what is one's own",
      severity: 'error',
      from: { path: `^${LIBRARY}/adapters/([^/]+)[.]ts$`, pathNot: TESTS },
      to: {
        path: `^${LIBRARY}/adapters/`,
        pathNot: `^${LIBRARY}/adapters/(node-middleware|node-request|refusal-hooks|context-request|fetch-answer|$1|$1-node)[.]ts$`,
      },
    },
    {
      name: 'the-engine-for-expressions-stays-out-of-the-main-entry',
      severity: 'error',
      from: { path: `^${LIBRARY}/index[.]ts$` },
      to: { path: 'node_modules/re2js/', reachable: true },
    },
    {
      name: 'jose-is-loaded-with-the-first-token',
      comment: 'it is an optional peer: no static import may need it',
      severity: 'error',
      from: { path: `^${LIBRARY}/`, pathNot: TESTS },
      to: { path: 'node_modules/jose/', dependencyTypesNot: ['type-only', 'dynamic-import'], dynamic: false },
    },
    {
      name: 'the-gateway-uses-what-is-published',
      comment: 'packages/gateway imports spillway by its subpaths, never by a path into it',
      severity: 'error',
      from: { path: '^packages/gateway/' },
      to: { path: '^packages/spillway/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'what-the-commands-use-does-not-know-them',
      severity: 'error',
      from: { path: '^packages/gateway/src/', pathNot: [TESTS, '^packages/gateway/src/(commands/|cli[.]ts$)'] },
      to: { path: '^packages/gateway/src/commands/' },
    },
    {
      name: 'how-things-are-spelled-and-shown-leans-on-no-other-folder',
      severity: 'error',
      from: { path: '^packages/gateway/src/(terminal|spelling)/', pathNot: TESTS },
      to: { path: '^packages/gateway/src/', pathNot: '^packages/gateway/src/$1/' },
    },
    {
      name: 'the-library-does-not-know-the-gateway',
      severity: 'error',
      from: { path: '^packages/spillway/' },
      to: { path: '^packages/gateway/' },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'published-code-uses-declared-dependencies',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only', 'npm-peer'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
}
