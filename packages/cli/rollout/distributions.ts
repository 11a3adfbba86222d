/** Tail probabilities and quantiles of the distributions that comparisons of arms need. */

/** Coefficients of Lanczos' series for g = 7, n = 9. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** Logarithm of the gamma function, for x of at least 0.5. */
export function logGamma(x: number): number {
  const shifted = x - 1;
  const base = shifted + 7.5;
  const series = lanczos.reduce(
    (sum, coefficient, index) =>
      index === 0 ? coefficient : sum + coefficient / (shifted + index),
    0,
  );
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}

/** Regularised incomplete beta function I_x(a, b), by Lentz's continued fraction. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x),
  );
  const tiny = 1e-300;
  let [c, d] = [1, 1 / Math.max(1 - ((a + b) * x) / (a + 1), tiny)];
  let fraction = d;
  for (let m = 1; m <= 500; m += 1) {
    for (const numerator of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / awayFromZero(1 + numerator * d, tiny);
      c = awayFromZero(1 + numerator / c, tiny);
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return (front * fraction) / a;
}

const awayFromZero = (value: number, tiny: number) => (Math.abs(value) < tiny ? tiny : value);

/** Probability that Student's t with these degrees of freedom exceeds a value. */
export function studentTail(t: number, degrees: number): number {
  const half = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t >= 0 ? half : 1 - half;
}

/** The value that Student's t exceeds with this probability, of at most one half; by bisection. */
export function studentQuantile(tail: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentTail(high, degrees) > tail) high *= 2;
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Degrees of freedom from which Student's t is the normal distribution. */
const MANY = 1e7;

export const normalQuantile = (tail: number): number => studentQuantile(tail, MANY);

/** The standard normal value below which this share lies (Acklam's approximation, error below 1.2e-9 of its size). */
export function normalScore(share: number): number {
  if (share > 0.5) return -normalScore(1 - share);
  if (share < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(share));
    return (
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q -
        2.549732539343734) *
        q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q +
        3.754408661907416) *
        q +
        1)
    );
  }
  const q = share - 0.5;
  const r = q * q;
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r +
      138.357751867269) *
      r -
      30.66479806614716) *
      r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r +
      66.80131188771972) *
      r -
      13.28068155288572) *
      r +
      1)
  );
}

const logChoose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/**
 * Fisher's exact test, one side: the probability that the first group has at least so many of all failures
 * when both groups fail alike.
 */
export function fisherTail(
  failures: number,
  requests: number,
  otherFailures: number,
  otherRequests: number,
): number {
  const all = failures + otherFailures;
  const most = Math.min(all, requests);
  let term = Math.exp(
    logChoose(requests, failures) +
      logChoose(otherRequests, otherFailures) -
      logChoose(requests + otherRequests, all),
  );
  // Too small for a number: either so many failures cannot be chance, or so few are all but certain.
  if (term === 0) return failures / requests > otherFailures / otherRequests ? 0 : 1;
  let probability = 0;
  for (let count = failures; count <= most; count += 1) {
    probability += term;
    // The next term of the hypergeometric distribution from this one.
    term *=
      ((requests - count) * (all - count)) / ((count + 1) * (otherRequests - all + count + 1));
  }
  return Math.min(1, probability);
}
