import { ConfigError } from '../config/config.error.js';
import { describeStartUpFault } from './start-up-fault.js';

const failed = (properties: object) => Object.assign(new Error('it failed\n    at line 7'), properties);

describe('a failed start', () => {
  it.each([
    [new ConfigError(['PORT is "x", expected a port', 'BROKER is "y"']), 'Configuration: PORT is "x", expected a port; BROKER is "y"'],
    [failed({ code: 'EADDRINUSE', port: 3001 }), 'Port 3001 is taken'],
    [failed({ code: 'ECONNREFUSED', address: '127.0.0.1', port: 3432 }), 'Nothing answers at 127.0.0.1:3432'],
    [failed({ code: '28P01' }), 'PostgreSQL refuses the user or password'],
    [failed({ code: '42P01' }), 'run the migrations'],
    [failed({ code: '08P01', message: 'unsupported startup parameter: options' }), 'give the URL of PostgreSQL itself'],
    [failed({}), 'it failed'],
  ])('tells %p in one line', (error, text) => {
    const line = describeStartUpFault(error);
    expect(line).toContain(text);
    expect(line).not.toContain('\n');
  });
});
