const app = '^apps/([^/]+)/';
const notSpec = '\\.(spec|int-spec|e2e-spec)\\.ts$';
const outside = (folder) => ({ path: `^libs/${folder}/` });

/** The walls of docs/architecture.md as law. Each has a violation planted against it in test/architecture. */
export default {
  forbidden: [
    { name: 'apps-never-meet', severity: 'error', from: { path: app }, to: { path: '^apps/', pathNot: '^apps/$1/' } },
    { name: 'libs-know-no-app', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      from: { path: '^libs/kernel/src', pathNot: notSpec },
      to: { path: '^(libs|apps|node_modules)/', pathNot: '^libs/kernel/' },
    },
    { name: 'contracts-know-only-kernel-and-schema', severity: 'error', from: { path: '^libs/contracts/' }, to: { path: '^libs/', pathNot: '^libs/(kernel|schema|contracts)/' } },
    { name: 'schema-knows-only-kernel', severity: 'error', from: { path: '^libs/schema/' }, to: { path: '^libs/', pathNot: '^libs/(kernel|schema)/' } },
    { name: 'telemetry-knows-only-kernel', severity: 'error', from: { path: '^libs/telemetry/' }, to: { path: '^libs/', pathNot: '^libs/(kernel|telemetry)/' } },
    { name: 'database-knows-only-kernel', severity: 'error', from: { path: '^libs/database/' }, to: { path: '^libs/', pathNot: '^libs/(kernel|telemetry|database)/' } },
    { name: 'eventing-knows-no-event', severity: 'error', from: { path: '^libs/eventing/' }, to: outside('contracts') },
    { name: 'eventing-knows-no-platform', severity: 'error', from: { path: '^libs/eventing/' }, to: outside('platform') },
    { name: 'platform-knows-no-eventing', severity: 'error', from: { path: '^libs/platform/' }, to: { path: '^libs/(eventing|contracts)/' } },
    { name: 'nobody-calls-the-shell', severity: 'error', from: { path: '^(apps|libs)/', pathNot: '^libs/cli/' }, to: outside('cli') },
    { name: 'only-platform-collects', severity: 'error', from: { path: '^(apps|libs)/', pathNot: ['^libs/platform/src/tracing/', notSpec] }, to: { path: 'node_modules/@opentelemetry/', pathNot: 'node_modules/@opentelemetry/api/' } },
    { name: 'kafkajs-in-one-room', severity: 'error', from: { path: '^(apps|libs)/', pathNot: ['^libs/eventing/src/kafka/', notSpec] }, to: { path: 'node_modules/kafkajs' } },
    { name: 'through-the-front-door', severity: 'error', from: { path: '^apps/' }, to: { path: '^libs/[^/]+/src/', pathNot: '^libs/[^/]+/src/(testing/)?index\\.ts$' } },
    {
      name: 'doors-see-no-tables',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/(http|reactions)/', pathNot: notSpec },
      to: { path: '^apps/[^/]+/src/persistence/' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/domain/', pathNot: notSpec },
      to: { path: '^(apps/[^/]+/src/(http|reactions|commands|persistence|adapters|read-models)/|libs/(database|eventing|platform)/|node_modules/(typeorm|pg|@nestjs))' },
    },
    {
      name: 'read-models-stand-alone',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/read-models/([^/]+)/', pathNot: notSpec },
      to: { path: '^apps/[^/]+/src/', pathNot: '^apps/$1/src/read-models/($2/|[^/]+\\.ts$)' },
    },
    {
      name: 'persistence-knows-only-domain',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/persistence/', pathNot: notSpec },
      to: { path: '^apps/[^/]+/src/(http|reactions|commands|adapters)/' },
    },
    { name: 'adapters-serve-domain-ports', severity: 'error', from: { path: '^apps/([^/]+)/src/adapters/', pathNot: notSpec }, to: { path: '^apps/[^/]+/src/(http|reactions|commands)/' } },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    webpackConfig: { fileName: '.dependency-cruiser.resolve.mjs' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], conditionNames: ['import', 'types', 'default'], exportsFields: ['exports'] },
  },
};
