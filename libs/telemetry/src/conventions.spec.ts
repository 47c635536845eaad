import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as registry from '@opentelemetry/semantic-conventions/incubating';
import { attribute, operationTypes } from './conventions.js';

const conventional = Object.values(attribute).filter((name) => !name.startsWith('nestbox.'));
const valuesOf = (prefix: string): unknown[] =>
  Object.entries(registry).filter(([name]) => name.startsWith(prefix)).map(([, value]) => value);

/** The registry's documentation of an attribute. */
function told(name: string): string {
  const main = createRequire(import.meta.url).resolve('@opentelemetry/semantic-conventions');
  const [experimental, stable] = ['experimental', 'stable'].map((kind) => readFileSync(join(dirname(main), `${kind}_attributes.d.mts`), 'utf8'));
  const text = `${experimental}\n${stable}`;
  const end = text.search(new RegExp(`declare const ATTR_\\w+: "${name.replaceAll('.', '\\.')}"`));
  return end === -1 ? 'unknown' : text.slice(text.lastIndexOf('/**', end), end);
}

describe('names on spans', () => {
  it('are those of the conventions’ registry, where it has one', () => {
    expect(conventional.filter((name) => told(name) === 'unknown')).toEqual([]);
  });

  it('are none that the registry has given up, but for the one that most backends still go by', () => {
    expect(conventional.filter((name) => told(name).includes('@deprecated'))).toEqual([attribute.messagingSystemOfOld]);
  });

  it('of operations have types of the registry', () => {
    const types = valuesOf('MESSAGING_OPERATION_TYPE_VALUE_');
    expect(Object.values(operationTypes).filter((type) => !types.includes(type))).toEqual([]);
  });
});
