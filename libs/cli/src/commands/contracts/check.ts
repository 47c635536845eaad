import { defineCommand } from '../../command.js';
import { readRepository } from '../../contracts/house.js';

export const contractsCheck = defineCommand({
  name: 'contracts check',
  summary: 'what would break if the contracts were released as they are, and for whom',
  more: `Offline: compares every contract with its releases in libs/contracts/schemas under its compatibility level, and with
what each handler says it reads. Exit code 1 when something breaks.`,
  async run() {
    const { findingsIn, remarksOn, unreleased } = await import('@nestbox/schema');
    const { house, baselines } = await readRepository();
    const findings = findingsIn(house, baselines);
    const remarks = house.contracts.flatMap(remarksOn);
    const open = unreleased(house, baselines).map(({ name }) => name);
    const failed = findings.length > 0 || remarks.length > 0;
    const lines = [
      ...findings.map(({ sentence }) => `breaks: ${sentence}`),
      ...remarks.map((remark) => `rule: ${remark}`),
      ...(open.length > 0 ? [`not released yet: ${open.join(', ')} ("npx nestbox contracts release" freezes them)`] : []),
      failed
        ? 'Make the change another way, or as a new version with an upcaster: docs/contracts.md.'
        : `${house.contracts.length} contracts, ${house.readers.length} readers: nothing breaks.`,
    ];
    return { text: lines.join('\n'), json: { findings, remarks, unreleased: open }, failed };
  },
});
