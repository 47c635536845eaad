import { defineCommand } from '../../command.js';
import { Fault } from '../../fault.js';
import { onBroker } from './broker.js';

export const archiveExport = defineCommand({
  name: 'archive export',
  summary: 'writes all that a topic holds into files with checksums (needs the broker)',
  args: ['topic'],
  options: { to: { type: 'string', value: '<folder>', about: 'where no archive is yet' } },
  more: `
The broker is the one of KAFKA_BROKERS or BROKER_DATABASE_URL: eval "$(npm start -- --env checkout)" sets what an app has.`,
  async run({ args, options, env, progress, signal }) {
    const { to } = options;
    if (!to) throw new Fault('Say where to: --to <folder>', 2);
    const { exportTopic } = await import('@nestbox/eventing');
    const onProgress = (done: number, all: number) => progress.say(`${args.topic}: ${done} of ${all} records`);
    const manifest = await onBroker(env, (broker) => exportTopic(broker, args.topic, to, { onProgress, signal }));
    const records = manifest.files.reduce((sum, file) => sum + file.records, 0);
    return { json: manifest, text: `${args.topic}: ${records} records in ${manifest.files.length} files` };
  },
});
