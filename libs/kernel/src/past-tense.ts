const IRREGULAR = new Set(
  (
    'Begun Bought Broken Brought Built Caught Chosen Done Drawn Driven Fallen Fed Forbidden Forgone Forgotten Fought Found ' +
    'Frozen Given Gone Grown Heard Held Hidden Kept Known Laid Left Lent Lost Made Met Mistaken Overdrawn Overpaid ' +
    'Overridden Oversold Paid Prepaid Put Read Rebuilt Repaid Resent Reset Resold Rewritten Run Seen Sent Set Shown Shut ' +
    'Sold Spent Split Spread Stolen Struck Sunk Taken Taught Thrown Told Torn Understood Undone Upheld Withdrawn Withheld ' +
    'Won Written'
  ).split(' '),
);
const NOT_PAST = new Set('Need Feed Seed Weed Breed Bleed Speed Proceed Exceed Succeed Embed Bed Red Shed Indeed Hundred'.split(' '));
/** Particles that may follow the participle of a phrasal verb. */
const PARTICLE = /(?<=[a-z])(?:Away|Back|Down|In|Off|On|Out|Over|Through|Up)$/;

/** True when a PascalCase name ends in a past participle: `OrderPlaced`, `PaymentSent`, `UserSignedUp`. */
export function isPastTense(name: string): boolean {
  const verb = name.replace(PARTICLE, '');
  const last = /[A-Z][a-z]*$/.exec(verb)?.[0];
  if (!last || last === verb) return false;
  return IRREGULAR.has(last) || (last.endsWith('ed') && !NOT_PAST.has(last));
}
