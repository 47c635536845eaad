import type { LinkState } from '../proxy.js';
import { contexts, holdUntilMet } from './fault.js';
import type { Fault } from './fault.js';

const links = contexts.flatMap((app) => [`${app}.database`, `${app}.broker`]);

type Kind = Pick<Fault, 'kind' | 'about' | 'holds' | 'often'>;

function linkFault(kind: Kind, state: LinkState): Fault {
  return {
    ...kind,
    targets: links,
    async inject(stage, step) {
      const link = stage.links.get(step.target)!;
      const before = { ...link.met };
      const connections = () => link.met.connections - before.connections;
      const bytes = () => link.met.bytes - before.bytes;
      link.become(state);
      const met = await holdUntilMet(stage, step, () => connections() + bytes());
      link.become('open');
      return { fired: met > 0, seen: `${connections()} connections were broken or refused, ${bytes()} bytes were lost or late` };
    },
  };
}

export const networkFaults: readonly Fault[] = [
  linkFault({ kind: 'link-cut', about: 'the connections of an app to its database or its broker break, and new ones are refused', holds: [2, 5], often: 6 }, 'cut'),
  linkFault({ kind: 'link-black-hole', about: 'what an app sends to its database or its broker arrives nowhere, and nobody says so', holds: [3, 9], often: 2 }, 'hole'),
  linkFault({ kind: 'link-replies-lost', about: 'what an app sends arrives, and the answers do not', holds: [3, 9], often: 2 }, 'deaf'),
  linkFault({ kind: 'link-slow', about: 'whatever passes between an app and its database or its broker is 0.4 s late', holds: [3, 7], often: 3 }, 'slow'),
];
