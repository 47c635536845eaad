import { decoderOf, encoderOf } from '../codec/codec.js';
import { isDeepStrictEqual } from 'node:util';
import { fieldsOf } from './fields.js';
import type { ContractView } from './contract-catalog.js';

/** Style problems of a contract, one sentence each. */
export function remarksOn(contract: ContractView): string[] {
  const { type, version, description } = contract;
  const fields = fieldsOf(contract.schema);
  const remarks = [
    ...meaninglessIds(fields.map(({ path }) => path)),
    ...notSelfContained(fields.map(({ path }) => path)),
    ...untagged(contract),
    ...large(contract),
    ...encodingOf(contract),
    ...(description.trim().length < 20 || !/[.]$/.test(description.trim()) ? ['its description is no sentence'] : []),
  ];
  return remarks.map((remark) => `${type} v${version}: ${remark}.`);
}

/** A field called `id` or `uuid` does not tell what it identifies. */
function meaninglessIds(paths: readonly string[]): string[] {
  const nameless = paths.filter((path) => /(^|\.)(id|uuid|guid|ref|key)$/i.test(path));
  return nameless.map((path) => `"${path}" does not say what it identifies: name it after the thing, such as orderId`);
}

/** An event with only ids forces every reader to query its producer. */
function notSelfContained(paths: readonly string[]): string[] {
  const links = paths.filter((path) => /(url|uri|href|link)$/i.test(path));
  const onlyIds = paths.length > 0 && paths.every((path) => /(Id|Ids\[?\]?|sku|At)$/.test(path));
  return [
    ...links.map((path) => `"${path}" has to be fetched from the producer: put in what readers need`),
    ...(onlyIds && paths.length < 2 ? ['it holds nothing but an id, so readers have to ask the producer back'] : []),
  ];
}

const PERSONAL = /^(e?mail|emailAddress|phone|phoneNumber|street|address|firstName|lastName|fullName|birthday|iban|cardNumber|userId|customerId)$/i;

function untagged({ schema }: ContractView): string[] {
  return fieldsOf(schema)
    .filter(({ path, personalData }) => !personalData && PERSONAL.test(path.split('.').at(-1)!.replace('[]', '')))
    .map(({ path }) => `"${path}" looks like personal data and is not tagged: add .meta({ 'x-personal-data': true })`);
}

function large({ examples, maxBytes }: ContractView): string[] {
  const largest = Math.max(...examples.map((example) => Buffer.byteLength(JSON.stringify(example))));
  return largest > maxBytes / 2 ? [`an example takes ${largest} of ${maxBytes} bytes: send a reference, or split the event`] : [];
}

/** The examples must survive encoding and decoding. */
function encodingOf({ wire, examples }: ContractView): string[] {
  if (!wire) return [];
  try {
    const encode = encoderOf(wire);
    const decode = decoderOf(wire);
    const lost = examples.filter((example) => !isDeepStrictEqual(plain(decode(encode(example))), plain(example)));
    return lost.length > 0 ? [`an example does not come back from ${wire.format} as it went in`] : [];
  } catch (error) {
    return [`an example does not fit its ${wire.format} schema: ${(error as Error).message}`];
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
