import type { LinkState } from '../proxy.js';
import { contexts, hold, LONGER_THAN_A_SESSION } from './fault.js';
import type { Fault } from './fault.js';

const links = contexts.flatMap((app) => [`${app}.database`, `${app}.broker`]);

function linkFault(kind: string, about: string, state: LinkState, holds: readonly [number, number]): Fault {
  return {
    kind,
    about,
    targets: links,
    holds,
    async inject(stage, step) {
      const link = stage.links.get(step.target)!;
      const before = { ...link.met };
      link.become(state);
      await hold(stage, step);
      link.become('open');
      const connections = link.met.connections - before.connections;
      const bytes = link.met.bytes - before.bytes;
      return { fired: connections + bytes > 0, seen: `${connections} connections were broken or refused, ${bytes} bytes were lost or late` };
    },
  };
}

export const networkFaults: readonly Fault[] = [
  linkFault('link-cut', 'the connections of an app to its database or its broker break, and new ones are refused', 'cut', [4, 10]),
  linkFault('link-black-hole', 'what an app sends to its database or its broker arrives nowhere, and nobody says so', 'hole', LONGER_THAN_A_SESSION),
  linkFault('link-replies-lost', 'what an app sends arrives, and the answers do not', 'deaf', LONGER_THAN_A_SESSION),
  linkFault('link-slow', 'whatever passes between an app and its database or its broker is 0.4 s late', 'slow', [8, 14]),
];
