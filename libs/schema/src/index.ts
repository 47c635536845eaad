export { catalogueOf, staleIn, writeCatalogue } from './catalogue/catalogue.js';
export type { Catalogued } from './catalogue/catalogue.js';
export { sendersIn } from './catalogue/senders.js';

export { decoderOf, encoderOf } from './codec/codec.js';
export { frame, isFramed, splitIndexes, unframe } from './codec/confluent-frame.js';
export type { Frame } from './codec/confluent-frame.js';
export { avro, protobuf } from './codec/schema-as-contract.js';
export type { WireContractSchema } from './codec/schema-as-contract.js';

export type { Break } from './compatibility/break.js';
export { breaksBetween, incompatibilities, requireValid } from './comparison/compare.js';
export type { Incompatibility } from './comparison/compare.js';
export { canonicalText } from './comparison/canonical.js';
export type { SchemaFormat, SchemaReference, SchemaText } from './compatibility/schema-text.js';
export { COMPATIBILITY_LEVELS, isLevel } from './comparison/level.js';
export { SchemaError, TooComplexError } from './compatibility/schema.error.js';

export { readBaselines, release, unreleased } from './gate/baselines.js';
export type { Baselines, Release, ReleasedReaders } from './gate/baselines.js';
export { changesBetween, fieldsOf } from './gate/fields.js';
export type { Field, FieldChange } from './gate/fields.js';
export { findingsIn } from './gate/findings.js';
export type { Finding } from './gate/findings.js';
export { contractCatalogOf } from './gate/contract-catalog.js';
export type { ContractView, ContractCatalog, LoadedApp, ReaderView } from './gate/contract-catalog.js';
export { remarksOn } from './gate/rules.js';

export type { JsonSchema } from './json/keywords.js';

export { descriptorOfText } from './protobuf/descriptor-text.js';
