import { TooComplexError } from './schema.error.js';

const MAX_STEPS = 200_000;

interface Proof<Gap> {
  gaps: readonly Gap[];
  isDone: boolean;
  /** Somebody took it for granted while it was under way. */
  isAssumed: boolean;
  readonly level: number;
  readonly depth: number;
  /** The outermost claim under way on which it rests. */
  floor: number;
}

/**
 * Proves claims, each once. A claim met again inside its own proof, deeper in the data, counts as proven: a counterexample
 * would have to be infinite (coinduction). What rests on such an assumption is forgotten when the assumption fails.
 */
export class Proofs<Gap> {
  private readonly proofs = new Map<string, Proof<Gap>>();
  /** Proven claims that rest on one under way, in order. */
  private tentative: string[] = [];
  private level = 0;
  private depth = 0;
  private floor = Infinity;
  private steps = 0;

  constructor(
    /** What a claim lacks that would have to prove itself. */
    private readonly circular: Gap,
    private readonly maxSteps = MAX_STEPS,
  ) {}

  /** Runs a proof about parts of the data. */
  inside<T>(work: () => T): T {
    this.level++;
    try {
      return work();
    } finally {
      this.level--;
    }
  }

  /** What the claim lacks; nothing when it is proven. Throws TooComplexError. */
  prove(key: string, compute: () => readonly Gap[]): readonly Gap[] {
    const known = this.proofs.get(key);
    if (known?.isDone) {
      this.floor = Math.min(this.floor, known.floor);
      return known.gaps;
    }
    if (known) return this.met(known);
    if (++this.steps > this.maxSteps) throw new TooComplexError(`${this.maxSteps} steps`);
    const proof: Proof<Gap> = { gaps: [], isDone: false, isAssumed: false, level: this.level, depth: this.depth++, floor: Infinity };
    this.proofs.set(key, proof);
    const outer = this.floor;
    this.floor = Infinity;
    const mark = this.tentative.length;
    proof.gaps = compute();
    proof.isDone = true;
    this.depth--;
    if (proof.gaps.length > 0) this.failed(proof, mark);
    else this.succeeded(key, proof, mark);
    this.floor = Math.min(outer, proof.floor);
    return proof.gaps;
  }

  private met(known: Proof<Gap>): readonly Gap[] {
    if (known.level >= this.level) return [this.circular];
    known.isAssumed = true;
    this.floor = Math.min(this.floor, known.depth);
    return [];
  }

  private failed(proof: Proof<Gap>, mark: number): void {
    if (!proof.isAssumed) return;
    for (const key of this.tentative.splice(mark)) this.proofs.delete(key);
  }

  private succeeded(key: string, proof: Proof<Gap>, mark: number): void {
    if (this.floor < proof.depth) {
      proof.floor = this.floor;
      this.tentative.push(key);
      return;
    }
    // Nothing outside was assumed: what rested on this claim stands.
    for (const settled of this.tentative.splice(mark)) this.proofs.get(settled)!.floor = Infinity;
  }
}
