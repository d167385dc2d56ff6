import { expect, it } from "vitest";
import { type Login, TokenSource } from "../../../src/client/api/token-source.ts";

/** A source with a buffer of 10 s, whose clock and logins the test has in hand. */
function setup({ bufferMs = 10_000, lostAfterMs }: { bufferMs?: number; lostAfterMs?: number } = {}) {
  const clock = { ms: 1000 };
  const logins: { resolve(login: Partial<Login>): void; reject(error: Error): void }[] = [];
  const login = () =>
    new Promise<Login>((resolve, reject) => {
      const resolveWith = (given: Partial<Login>) =>
        resolve({ token: `token-${logins.length}`, askedAtMs: 1000, lifetimeMs: 100_000, ...given });
      logins.push({ resolve: resolveWith, reject });
    });
  const lost = lostAfterMs === undefined ? undefined : () => lostAfterMs;
  const source = new TokenSource(login, () => clock.ms, bufferMs, lost);
  const logIn = async (given: Partial<Login> = {}) => {
    const got = source.get();
    logins.at(-1)?.resolve(given);
    return got;
  };
  return { clock, logins, source, logIn };
}

it("all callers wait for one login, and then have the token at once", async () => {
  const { source, logins } = setup();
  const [one, other] = [source.get(), source.get()];
  expect(other).toBe(one);
  expect(logins).toHaveLength(1);
  logins[0]?.resolve({});
  expect(await one).toBe("token-1");
  expect(source.get()).toBe("token-1");
  expect(logins).toHaveLength(1);
});

it("a token is used until it expires, counted from when it was requested", async () => {
  const { source, clock, logIn, logins } = setup({ bufferMs: 0 });
  await logIn({ askedAtMs: 500, lifetimeMs: 100_000 });
  clock.ms = 100_499;
  expect(source.get()).toBe("token-1");
  expect(logins).toHaveLength(1);
  clock.ms = 100_500;
  expect(source.get()).toBeInstanceOf(Promise);
  expect(await logIn({ askedAtMs: 100_500 })).toBe("token-2");
});

it("within the buffer the old one is used while a new one is fetched", async () => {
  const { source, clock, logIn, logins } = setup();
  await logIn();
  clock.ms = 90_999;
  expect(source.get()).toBe("token-1");
  expect(logins).toHaveLength(1);
  clock.ms = 91_000;
  expect([source.get(), source.get()]).toEqual(["token-1", "token-1"]);
  expect(logins).toHaveLength(2);
  logins[1]?.resolve({ askedAtMs: 91_000 });
  await new Promise(setImmediate);
  expect(source.get()).toBe("token-2");
  expect(logins).toHaveLength(2);
});

it("a failed renewal is retried 5 s later, and the old token is still used", async () => {
  const { source, clock, logIn, logins } = setup();
  await logIn();
  clock.ms = 91_000;
  source.get();
  logins[1]?.reject(new Error("down"));
  await new Promise(setImmediate);
  clock.ms = 95_999;
  expect(source.get()).toBe("token-1");
  expect(logins).toHaveLength(2);
  clock.ms = 96_000;
  expect(source.get()).toBe("token-1");
  expect(logins).toHaveLength(3);
});

it("after a successful renewal the next one only waits for its buffer", async () => {
  const { source, clock, logIn, logins } = setup();
  await logIn();
  clock.ms = 91_000;
  source.get();
  logins[1]?.resolve({ askedAtMs: 91_000, lifetimeMs: 11_000 });
  await new Promise(setImmediate);
  expect(source.get()).toBe("token-2");
  clock.ms = 92_000;
  source.get();
  expect(logins).toHaveLength(3);
});

it("a failed login is reported to everyone waiting, and the next caller starts another", async () => {
  const { source, logins, logIn } = setup();
  const failed = source.get();
  logins[0]?.reject(new Error("refused"));
  await expect(failed).rejects.toThrow("refused");
  expect(await logIn()).toBe("token-2");
});

it("a refused token is dropped, and a newer one is kept", async () => {
  const { source, logIn, logins } = setup();
  source.drop("none yet");
  await logIn();
  source.drop("older");
  expect(source.get()).toBe("token-1");
  source.drop("token-1");
  expect(await logIn()).toBe("token-2");
  expect(logins).toHaveLength(2);
});

it.each([0, -1])("a token with a lifetime of %i is used until it's refused", async (lifetimeMs) => {
  const { source, clock, logIn, logins } = setup();
  await logIn({ lifetimeMs });
  clock.ms = 1e12;
  expect(source.get()).toBe("token-1");
  expect(logins).toHaveLength(1);
});

it("a token whose lifetime is shorter than the buffer is renewed at half of it", async () => {
  const { source, clock, logIn, logins } = setup({ bufferMs: 20_000 });
  await logIn({ lifetimeMs: 20_000 });
  clock.ms = 10_999;
  source.get();
  expect(logins).toHaveLength(1);
  clock.ms = 11_000;
  expect(source.get()).toBe("token-1");
  expect(logins).toHaveLength(2);
});

it("a token with a slightly longer lifetime than the buffer is renewed shortly after it arrives", async () => {
  const { source, clock, logIn, logins } = setup({ bufferMs: 20_000 });
  await logIn({ lifetimeMs: 20_001 });
  source.get();
  expect(logins).toHaveLength(1);
  clock.ms = 1001;
  source.get();
  expect(logins).toHaveLength(2);
});

it("a login is waited for however long it takes", () => {
  const { source, clock, logins } = setup();
  const first = source.get();
  clock.ms = 1e12;
  expect(source.get()).toBe(first);
  expect(logins).toHaveLength(1);
});

it("a login that is lost is restarted, and its late result changes nothing", async () => {
  const { source, clock, logins } = setup({ lostAfterMs: 100 });
  const lost = source.get();
  clock.ms = 1100;
  expect(source.get()).toBe(lost);
  clock.ms = 1101;
  const second = source.get();
  expect(logins).toHaveLength(2);
  logins[0]?.reject(new Error("late"));
  await expect(lost).rejects.toThrow("late");
  clock.ms = 1201;
  expect(source.get()).toBe(second);
  expect(logins).toHaveLength(2);
});
