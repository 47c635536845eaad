const IRREGULAR = new Set(
  (
    'Begun Bought Broken Brought Built Caught Chosen Done Drawn Driven Fallen Fed Forgone Fought Found Frozen Given Gone Grown ' +
    'Heard Held Hidden Kept Known Laid Left Lent Lost Made Met Overdrawn Overridden Paid Put Read Rebuilt Resent Reset ' +
    'Run Seen Sent Set Shown Shut Sold Spent Split Spread Stolen Struck Sunk Taken Taught Told Understood Undone Upheld ' +
    'Withdrawn Withheld Won Written'
  ).split(' '),
);
const NOT_PAST = new Set('Need Feed Seed Speed Proceed Exceed Succeed Embed Bed Shed Indeed'.split(' '));

/** True when the last word of a PascalCase name is a past participle: `OrderPlaced`, `PaymentSent`. */
export function isPastTense(name: string): boolean {
  const last = /[A-Z][a-z]*$/.exec(name)?.[0];
  if (!last || last === name) return false;
  return IRREGULAR.has(last) || (last.endsWith('ed') && !NOT_PAST.has(last));
}
