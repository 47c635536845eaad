import { newToken, TOKEN_ROLES } from '@nestbox/access';
import { defineCommand } from '../command.js';
import { Fault } from '../fault.js';

const NAME = /^[a-z][a-z0-9._-]{0,62}$/;

export const token = defineCommand({
  name: 'token',
  summary: 'make a token for a person or a service, and the entry by which apps know it',
  args: ['name', 'role'],
  more: `Roles: ${TOKEN_ROLES.join(', ')}. Apps are told the entry in NESTBOX_OPERATORS, never the token; its holder sets NESTBOX_TOKEN.`,
  run({ args: { name, role } }) {
    const known = TOKEN_ROLES.find((one) => one === role);
    if (!known) throw new Fault(`"${role}" is no role: say ${TOKEN_ROLES.join(', ')}`, 2);
    if (!NAME.test(name)) throw new Fault('The name must begin with a letter and hold at most 63 of a-z, 0-9, ".", "_" and "-"', 2);
    const made = newToken(name, known);
    const text = `NESTBOX_TOKEN=${made.token}\n  is for ${name} alone, and is shown this once.\nNESTBOX_OPERATORS=${made.entry}\n  is for every app; several entries are separated by commas.`;
    return Promise.resolve({ text, json: { name, role, ...made } });
  },
});
