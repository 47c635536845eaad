import { TraceFlags } from '@opentelemetry/api';
import type { Link } from '@opentelemetry/api';
import { AlwaysOnSampler, ParentBasedSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base';
import type { Sampler } from '@opentelemetry/sdk-trace-base';

/** Follows the parent's decision. Of traces that start here a share is sampled, plus every batch that contains a sampled message. */
export function collecting(share: number): Sampler {
  const [some, always] = [new TraceIdRatioBasedSampler(share), new AlwaysOnSampler()];
  const root: Sampler = {
    shouldSample: (context, traceId, _name, _kind, _attributes, links) =>
      links.some(isCollected) ? always.shouldSample() : some.shouldSample(context, traceId),
    toString: () => `LinksOr{${some.toString()}}`,
  };
  return new ParentBasedSampler({ root });
}

function isCollected({ context: { traceFlags } }: Link): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}
