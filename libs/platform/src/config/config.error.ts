/** The environment is invalid. Lists every fault, each with the variable and the expected value. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Configuration: ${faults.join('; ')}`);
    this.name = 'ConfigError';
  }
}
