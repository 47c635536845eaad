/** Where our registry and Apicurio's judge otherwise, and who is right by the format's own rules. */
export interface Difference {
  /** `AVRO: <change>: ours <verdict>, Apicurio <verdict>`. */
  readonly lines: RegExp;
  readonly right: 'ours' | 'Apicurio' | 'both';
  readonly why: string;
}

export const differences: readonly Difference[] = [
  {
    lines: /^AVRO: two fields.* → a field with an alias: ours incompatible, Apicurio refused$/,
    right: 'ours',
    why: 'Both schemas are sound; what the writer sends under two names fits one field of the reader, so they do not go together.',
  },
  {
    lines: /^JSON: enum .* → maxLength \d: ours compatible, Apicurio incompatible$/,
    right: 'ours',
    why: 'Every value of the list is short enough.',
  },
  {
    lines: /^JSON: (open|closed) \{\} → .*: ours \w+, Apicurio refused$/,
    right: 'ours',
    why: 'An object without properties is a JSON Schema; Apicurio guesses the format from the text although it is told.',
  },
  {
    lines: /^PROTOBUF: (u?int(32|64)|bool|an enum|optional int32) → (u?int(32|64)|bool|an enum|optional int32): ours compatible, Apicurio incompatible$/,
    right: 'both',
    why: 'All are one kind of varint, which readers of the others parse (the language guide, and Confluent); a large value loses bits.',
  },
  {
    lines: /^PROTOBUF: sint(32|64) → sint(32|64): ours compatible, Apicurio incompatible$/,
    right: 'both',
    why: 'The two zigzag kinds parse each other; a large value loses bits.',
  },
  {
    lines: /^PROTOBUF: (string|bytes|a list of string) → (string|bytes|a list of string): ours compatible, Apicurio incompatible$/,
    right: 'ours',
    why: 'The language guide promises it: text is bytes, and of a list that is read as one, the last counts.',
  },
  {
    lines: /^PROTOBUF: no field → another name: ours incompatible, Apicurio compatible$/,
    right: 'ours',
    why: 'The message that records are read as is gone.',
  },
  {
    lines: /^PROTOBUF: a = 1, b = 2 → a = 1, b = 2 in a oneof: ours incompatible, Apicurio compatible$/,
    right: 'ours',
    why: 'Where both are set, a reader of the oneof loses one.',
  },
  {
    lines: /^PROTOBUF: .*(a|b) = \d.* → .*: ours compatible, Apicurio incompatible$|^PROTOBUF: another .* → .*: ours compatible, Apicurio incompatible$/,
    right: 'both',
    why: 'A field goes, is renamed or gets another number: nothing that cannot be parsed, so Confluent lets it pass; the gate does not, unless the field is optional.',
  },
];
