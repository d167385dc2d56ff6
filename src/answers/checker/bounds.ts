import { step } from "./walk.ts";

/** Of decimals as they're written: 19.99 is a multiple of 0.01, and divided as JavaScript has them it's none. */
export function isMultiple(value: number, of: number): boolean {
  // Fifteen digits are exact: a number has them as they are written, or has more places than that.
  let scale = 1;
  while (scale < 1e22 && Math.round(of * scale) / scale !== of) scale *= 10;
  const wholes = Math.round(value * scale);
  const ofs = Math.round(of * scale);
  if (Math.abs(wholes) < 1e15 && ofs < 1e15 && ofs / scale === of)
    return wholes / scale === value && wholes % ofs === 0;
  step(100);
  const [one, other] = [exact(value), exact(of)];
  const least = Math.min(one.exponent, other.exponent);
  const whole = ({ digits, exponent }: typeof one) => BigInt(digits + "0".repeat(exponent - least));
  return whole(one) % whole(other) === BigInt(0);
}

function exact(number: number) {
  const [digits = "", exponent] = number.toExponential().split("e");
  const [whole, fraction = ""] = digits.split(".");
  return { digits: whole + fraction, exponent: Number(exponent) - fraction.length };
}

/** How many characters, a pair of surrogates being one; counted only where it could be on both sides of the bound. */
export function lengthOf(text: string, bound: number): number {
  if (text.length < bound || text.length > 2 * bound) return text.length;
  step(text.length >> 6);
  let length = text.length;
  for (let at = 0; at + 1 < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc00) !== 0xd800 || (text.charCodeAt(at + 1) & 0xfc00) !== 0xdc00) continue;
    length -= 1;
    at += 1;
  }
  return length;
}
