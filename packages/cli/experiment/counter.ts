/** Says how far a long piece of work is: on a terminal in one line, else in a line every half minute. */
export class Counter {
  #done = 0;
  #failed = 0;
  #wait = "";
  #lastWait = 0;
  readonly #started = Date.now();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly what: string,
    private readonly total: number,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {
    this.#timer = setInterval(() => this.#show(), stream.isTTY ? 500 : 30_000);
    this.#timer.unref();
  }

  line(failed: boolean): void {
    this.#done += 1;
    if (failed) this.#failed += 1;
  }

  wait(text: string): void {
    this.#wait = text;
    // A wait is worth a line of its own once in a while: nothing else seems to happen.
    if (!this.stream.isTTY && Date.now() - this.#lastWait > 30_000) this.stream.write(`${text}\n`);
    this.#lastWait = Date.now();
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.stream.isTTY) this.stream.write("\r\u001b[K");
  }

  #show(): void {
    const seconds = Math.round((Date.now() - this.#started) / 1000);
    const wait = Date.now() - this.#lastWait < 5000 ? `, ${this.#wait}` : "";
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : "";
    const text = `${this.what}: ${this.#done} of ${this.total} lines${failed}, ${seconds} s${wait}`;
    this.stream.write(this.stream.isTTY ? `\r${text}\u001b[K` : `${text}\n`);
  }
}
