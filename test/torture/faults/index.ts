import { actFaults } from './acts.js';
import { diskFaults } from './disk.js';
import type { Fault } from './fault.js';
import { messageFaults } from './messages.js';
import { networkFaults } from './network.js';
import { operatorFaults } from './operators.js';
import { processFaults } from './processes.js';
import { serverFaults } from './servers.js';

export const faults: readonly Fault[] = [...processFaults, ...serverFaults, ...networkFaults, ...messageFaults, ...operatorFaults, ...actFaults, ...diskFaults];
