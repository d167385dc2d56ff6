/** How much values rise from the first to the last, by the line of least squares through all of them. */
export function growth(values: readonly number[]): number {
  const indices = values.map((_, i) => i);
  return slope(indices, values) * (values.length - 1);
}

/** The slope of the line of least squares. */
function slope(xs: readonly number[], ys: readonly number[]): number {
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const [covariance, variance] = xs.reduce<[number, number]>(
    ([sumXY, sumXX], x, i) => [sumXY + (x - meanX) * ((ys[i] as number) - meanY), sumXX + (x - meanX) ** 2],
    [0, 0],
  );
  return covariance / variance;
}

/** The exponent of a power law: 1 where twice the size takes twice as much. */
export function exponent(sizes: readonly number[], costs: readonly number[]): number {
  return slope(sizes.map(Math.log), costs.map(Math.log));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
