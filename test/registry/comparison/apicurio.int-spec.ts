import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProductListed } from '@nestbox/contracts';
import { eventually } from '@nestbox/eventing/testing';
import { RegistryApp } from '../../support/registry-app.js';
import { root } from '../../support/tools.js';
import { recordOf } from '../record-of.js';
import { WireStage } from '../wire-stage.js';
import { Apicurio, whyNoApicurio } from './apicurio.js';
import { judge, Judge } from './judge.js';
import { allPairs } from './pairs.js';
import { folded, RECORDED } from './recorded.js';

// 158 MB to be fetched and a minute to be run: not for every run of the suite, which goes by what was recorded.
const wish = process.env.COMPARE_REGISTRIES;
const reason = wish ? whyNoApicurio() : 'COMPARE_REGISTRIES=1 runs it';
if (reason) process.stderr.write(`Skipped: Apicurio itself: ${reason}\n`);
const describeWhereItCanRun = reason === undefined ? describe : describe.skip;

describeWhereItCanRun('registries that are really asked', () => {
  const pairs = allPairs();

  it('ours says over HTTP what its rules say', async () => {
    const ours = await RegistryApp.start();
    try {
      const credentials = Buffer.from(`shop:${RegistryApp.token}`).toString('base64');
      const verdicts = await new Judge(ours.url, { authorization: `Basic ${credentials}` }).judgeAll(pairs);
      expect(folded(verdicts, pairs)).toEqual(folded(pairs.map(judge), pairs));
    } finally {
      await ours.stop();
    }
  }, 120_000);

  describe('Apicurio', () => {
    let apicurio: Apicurio;

    beforeAll(async () => {
      apicurio = await Apicurio.start();
    }, 180_000);
    afterAll(() => apicurio?.stop());

    it('says what was recorded', async () => {
      const verdicts = folded(await new Judge(apicurio.url).judgeAll(pairs), pairs);
      if (wish === 'record') writeFileSync(join(root, RECORDED), `${JSON.stringify(verdicts, null, 2)}\n`);
      expect(verdicts).toEqual(JSON.parse(readFileSync(join(root, RECORDED), 'utf8')));
    }, 180_000);

    it('serves the shop in the place of our registry', async () => {
      const toWrite = apicurio.url.replace('http://', 'http://shop:anything@');
      const stage = await WireStage.open('postgres', { toWrite, toRead: apicurio.url });
      try {
        await stage.list('mug-blue', 'Blue mug');
        await eventually(async () => expect(await stage.found('mug')).toEqual(['mug-blue']), { timeoutMs: 20_000 });
        const { value } = await recordOf(stage.broker, ProductListed);
        const known = await fetch(`${apicurio.url}/schemas/ids/${value!.readUInt32BE(1)}`);
        expect(((await known.json()) as { schema: string }).schema).toContain('ProductListed');
      } finally {
        await stage.close();
      }
    });
  });
});
