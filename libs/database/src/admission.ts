/** At most `places` inside at a time; the others wait in the order of their coming. */
export class Admission {
  private readonly waiting: (() => void)[] = [];

  constructor(private places: number) {}

  async enter(): Promise<void> {
    if (this.places > 0) this.places -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.places += 1;
  }
}
