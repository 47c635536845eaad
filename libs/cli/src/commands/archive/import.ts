import { defineCommand } from '../../command.js';
import { onBroker } from './broker.js';

export const archiveImport = defineCommand({
  name: 'archive import',
  summary: 'brings an archive back into an empty topic, each record where it stood (needs the broker)',
  args: ['folder'],
  options: { into: { type: 'string', value: '<topic>', about: 'Default: the one that it was exported from' } },
  more: `
All checksums are held against the files before anything is published.`,
  async run({ args, options, env, progress, signal }) {
    const { importTopic } = await import('@nestbox/eventing');
    const onProgress = (done: number, all: number) => progress.say(`${done} of ${all} records`);
    const { into } = options;
    const manifest = await onBroker(env, (broker) => importTopic(broker, args.folder, { into, onProgress, signal }));
    const records = manifest.files.reduce((sum, file) => sum + file.records, 0);
    return { json: manifest, text: `${into ?? manifest.topic}: ${records} records are back` };
  },
});
