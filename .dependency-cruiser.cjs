// The direction of imports: a row of the picture in ARCHITECTURE.md imports only rows above it.
const rows = ['wire', 'core', 'sctp', 'transport', 'capture', 'rserpool', 'services', 'testkit', 'cli'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'type-only cycles are allowed: they vanish when compiled',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...rows.map((row, index) => ({
      name: `${row}-imports-only-rows-above`,
      severity: 'error',
      from: { path: `^packages/${row}/src/` },
      to: { path: `^packages/(${rows.slice(index + 1).join('|') || '-'})/` },
    })),
    {
      name: 'sctp-stands-alone',
      severity: 'error',
      comment: 'SCTP is of use without RSerPool',
      from: { path: '^packages/sctp/src/' },
      to: { path: '^packages/(?!sctp/)' },
    },
    {
      name: 'dependency-free',
      severity: 'error',
      comment: 'wire, core, sctp, transport and the client library depend on nothing from npm',
      from: { path: '^packages/(wire|core|sctp|transport|capture|rserpool)/src/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
        pathNot: '^packages/|^node_modules/@rserpool/',
      },
    },
    {
      name: 'engines-without-io',
      severity: 'error',
      from: {
        path: [
          '^packages/(wire|core|capture)/src/',
          '^packages/sctp/src/(packet|chunks|parameters|causes|association|endpoint|extensions)/',
        ],
      },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules|dist' },
    exclude: { path: '/dist/|node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@rserpool/source', 'import', 'default'],
    },
  },
};
