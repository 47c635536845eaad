const oldest = [20, 19];

/** Ends the process with one line on a Node that is too old. Must itself run on old ones. */
export function requireNode() {
  const found = process.versions.node.split('.').map(Number);
  if (found[0] > oldest[0] || (found[0] === oldest[0] && found[1] >= oldest[1])) return;
  process.stderr.write(
    'Nestbox needs Node ' +
      oldest.join('.') +
      ' or newer, this is ' +
      process.versions.node +
      ': install it from https://nodejs.org\n',
  );
  process.exit(1);
}
