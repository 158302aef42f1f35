/**
 * Nearest-rank quantile: the smallest sample such that at least `q` of all samples are not above it.
 * Reorders `values[0..n)`; expected linear time, so a month of hourly samples needs no sort.
 */
export function quantile(values: Float64Array, n: number, q: number): number {
  if (n === 0) return 0;
  return nth(values, n, Math.max(0, Math.ceil(q * n - 1e-9) - 1));
}

function nth(a: Float64Array, n: number, k: number): number {
  let lo = 0;
  let hi = n - 1;
  while (lo < hi) {
    const pivot = medianOfThree(a[lo] as number, a[(lo + hi) >> 1] as number, a[hi] as number);
    let i = lo;
    let j = hi;
    while (i <= j) {
      while ((a[i] as number) < pivot) i++;
      while ((a[j] as number) > pivot) j--;
      if (i <= j) {
        const t = a[i] as number;
        a[i] = a[j] as number;
        a[j] = t;
        i++;
        j--;
      }
    }
    if (k <= j) hi = j;
    else if (k >= i) lo = i;
    else break;
  }
  return a[k] as number;
}

function medianOfThree(x: number, y: number, z: number): number {
  return x < y ? (y < z ? y : x < z ? z : x) : x < z ? x : y < z ? z : y;
}
