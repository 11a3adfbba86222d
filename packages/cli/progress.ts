/** Say on a terminal what is going on once it takes longer than a second; the line is removed at the end. */
export async function withProgress<T>(
  what: string,
  work: () => Promise<T>,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<T> {
  if (!stream.isTTY) return work();
  const started = Date.now();
  const timer = setInterval(() => {
    stream.write(`\r${what} … ${Math.round((Date.now() - started) / 1000)} s`);
  }, 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (Date.now() - started >= 1000) stream.write("\r\u001b[K");
  }
}
