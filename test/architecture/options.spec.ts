import type { DatabaseOptions } from '@nestbox/database';
import type { EventingOptions } from '@nestbox/eventing';
import { Config } from '@nestbox/platform';

// Modules spread what the config says of a lib, and a spread is not checked for names that the lib does not have: an option
// that is renamed there would be left out without a word. These lines do not compile then.
type Unknown<Given, Options> = Exclude<keyof Given, keyof Options>;
const strays: Record<Unknown<Config['eventing'], EventingOptions> | Unknown<Config['database'], DatabaseOptions>, never> = {};

describe('what the config says of a lib', () => {
  it('is what the lib takes, by every name', () => {
    expect(strays).toEqual({});
  });

  it('leaves nothing out that every app is told', () => {
    const config = new Config({ app: 'email', subjectKeysUrl: 'postgres://keys', databaseUrl: 'postgres://email' } as Config);
    expect(config.eventing).toMatchObject({ context: 'email', subjectKeys: 'postgres://keys' });
    expect(config.database).toEqual({ url: 'postgres://email', applicationName: 'email' });
  });
});
