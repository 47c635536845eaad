const app = '^apps/([^/]+)/';
const notSpec = '\\.(spec|int-spec|e2e-spec|fixture)\\.ts$';
const outside = (folder) => ({ path: `^libs/${folder}/` });

/** Every lib, from the ground up, and the libs that it may import: nothing points up. */
export const floors = {
  kernel: [],
  access: [],
  schema: ['kernel'],
  telemetry: ['kernel'],
  database: ['kernel', 'telemetry'],
  messaging: ['kernel', 'schema', 'telemetry', 'database'],
  outbox: ['kernel', 'telemetry', 'database', 'messaging'],
  kafka: ['kernel', 'telemetry', 'messaging'],
  'postgres-log': ['kernel', 'telemetry', 'database', 'messaging'],
  consumer: ['kernel', 'telemetry', 'database', 'messaging'],
  projections: ['kernel', 'access', 'telemetry', 'database', 'messaging', 'consumer'],
  sagas: ['kernel', 'telemetry', 'database', 'messaging', 'outbox', 'consumer'],
  operations: ['kernel', 'access', 'schema', 'telemetry', 'database', 'messaging', 'outbox', 'consumer', 'projections', 'sagas'],
  eventing: ['kernel', 'access', 'messaging', 'outbox', 'consumer', 'projections', 'sagas', 'operations', 'kafka', 'postgres-log'],
  platform: ['kernel', 'access', 'telemetry', 'database'],
  contracts: ['kernel', 'schema'],
};

/** The rooms of a lib, from the ground up: a room may import those before it. */
export const rooms = {
  schema: ['compatibility', 'avro', 'json', 'protobuf', 'comparison', 'codec', 'gate', 'catalogue'],
  telemetry: ['story', 'dwell'],
  messaging: ['failure', 'broker', 'encryption', 'telemetry', 'message', 'migrations'],
  outbox: ['outbox', 'http', 'relay'],
  consumer: ['audit', 'inbox', 'retry', 'handler', 'metrics', 'pause', 'parking', 'consumer'],
  projections: ['reading', 'rebuild'],
  operations: ['metrics', 'archive', 'erasure', 'story', 'alerting', 'admin'],
};

const floorRules = Object.entries(floors).map(([lib, below]) => ({
  name: `floor-of-${lib}`,
  severity: 'error',
  from: { path: `^libs/${lib}/`, pathNot: notSpec },
  to: { path: '^libs/', pathNot: `^libs/(${[lib, ...below].join('|')})/` },
}));

const roomRules = Object.entries(rooms).flatMap(([lib, names]) =>
  names.slice(0, -1).map((room, at) => ({
    name: `room-${room}-of-${lib}`,
    severity: 'error',
    from: { path: `^libs/${lib}/src/${room}/`, pathNot: notSpec },
    to: { path: `^libs/${lib}/src/(${names.slice(at + 1).join('|')})/` },
  })),
);

/** The walls of docs/architecture.md as law. Each has a violation planted against it in test/architecture. */
export default {
  forbidden: [
    ...floorRules,
    ...roomRules,
    { name: 'apps-never-meet', severity: 'error', from: { path: app }, to: { path: '^apps/', pathNot: '^apps/$1/' } },
    { name: 'libs-know-no-app', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      from: { path: '^libs/kernel/src', pathNot: notSpec },
      to: { path: '^(apps|node_modules)/' },
    },
    { name: 'nobody-calls-the-shell', severity: 'error', from: { path: '^(apps|libs)/', pathNot: '^libs/cli/' }, to: outside('cli') },
    { name: 'only-platform-collects', severity: 'error', from: { path: '^(apps|libs)/', pathNot: ['^libs/platform/src/tracing/', notSpec] }, to: { path: 'node_modules/@opentelemetry/', pathNot: 'node_modules/@opentelemetry/api/' } },
    { name: 'kafka-clients-in-one-lib', severity: 'error', from: { path: '^(apps|libs)/', pathNot: ['^libs/kafka/src/', notSpec] }, to: { path: 'node_modules/kafkajs' } },
    {
      name: 'through-the-front-door',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/', pathNot: notSpec },
      to: { path: '^libs/[^/]+/src/', pathNot: ['^$1/$2/', '^libs/[^/]+/src/(testing/)?index\\.ts$'] },
    },
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
    // What only needs another's types knows of it all the same.
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
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
