/** The environment is not what the app needs: every fault at once, each naming the variable and what is expected. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Configuration: ${faults.join('; ')}`);
    this.name = 'ConfigError';
  }
}
